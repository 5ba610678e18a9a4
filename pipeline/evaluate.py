"""Stage evaluate: measure the recorded run, and the references beside which its numbers mean something."""

from pipeline.network.limits import learning_rate_limits
from pipeline.record.schemas import Metrics
from pipeline.record.store import Store
from pipeline.safety.stage import safe_stage
from pipeline.tables.preparation import PreparedData


def main() -> None:
    """Read the recorded run; write its metrics."""
    store = Store()
    training_facts = store.read_training()
    data = store.open_normalized()
    metrics = Metrics.of(
        data, store.read_predicted(data), training_facts, training_facts.weights_sha256, training_facts.start
    )
    store.write_metrics(metrics)
    if training_facts.status == "diverged":
        settings = training_facts.settings
        in_memory = data.part("train") if isinstance(data, PreparedData) else None
        limits = learning_rate_limits(in_memory.features, settings) if in_memory else None
        stable = limits and (
            f"; with all rows in every update, training is stable up to {limits.full_batch:.3g}, "
            f"with batches of {settings.batch_size} up to about {limits.minibatch:.2g}"
        )
        print(
            f"evaluate: the run diverged in epoch {training_facts.epochs_run} at a learning rate of "
            f"{settings.learning_rate:g}{stable or ''}"
        )
    print(f"evaluate: test mse {metrics.test['mse']:g}")


if __name__ == "__main__":
    with safe_stage():
        main()
