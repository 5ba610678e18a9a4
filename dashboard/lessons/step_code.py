"""The five parts of an SGD step as a few lines of NumPy each, to be read, copied and run."""

from pipeline.params import Train


def code_of_a_step(settings: Train) -> tuple[str, str, str, str, str]:
    """Draw, predict, loss, gradient and update for these settings, one after the other.

    They need `features` (rows, features), `target` (rows,), `kernel` (features,), `bias`, `learning_rate` and, of this
    epoch, `order` (rows,) and `start`, where the batch begins in it; with momentum `velocity`, its size and two arrays.
    """
    squared = settings.loss == "mse"
    return (
        f"rows = order[start : start + {settings.batch_size}]",
        "predicted = features[rows] @ kernel + bias",
        f"errors = predicted - target[rows]\nloss = {'(errors**2)' if squared else 'abs(errors)'}.mean()",
        f"slopes = {'2 * errors' if squared else 'np.sign(errors)'}\n"
        "kernel_gradient = slopes @ features[rows] / len(rows)\nbias_gradient = slopes.mean()",
        "\n".join(line for weight in ("kernel", "bias") for line in _update(weight, settings)),
    )


def _update(weight: str, settings: Train) -> list[str]:
    step = f"learning_rate * {weight}_gradient"
    if not settings.momentum:
        return [f"{weight} = {weight} - {step}"]
    velocity, momentum = f"{weight}_velocity", repr(settings.momentum)
    move = f"{momentum} * {velocity} - {step}" if settings.nesterov else velocity
    return [f"{velocity} = {momentum} * {velocity} - {step}", f"{weight} = {weight} + {move}"]
