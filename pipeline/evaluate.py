"""Stage evaluate: measure the recorded run, and the references beside which its numbers mean something."""

from pipeline.record.assessment import assess
from pipeline.record.store import Store
from pipeline.safety.stage import safe_stage


def main() -> None:
    """Read the recorded run; write its metrics."""
    store = Store()
    training_facts = store.read_training()
    data = store.read_normalized()
    metrics = assess(data, store.read_predictions(len(data.target)), training_facts, training_facts.sha256.weights)
    store.write_metrics(metrics)
    stable = metrics.curvature.fit_rows.largest_stable_learning_rate
    if training_facts.status == "diverged":
        print(
            f"evaluate: the run diverged in epoch {training_facts.epochs_run} at a learning rate of "
            f"{training_facts.settings.learning_rate:g}; on this data plain SGD on mse is stable below {stable:g}"
        )
    print(f"evaluate: test mse {metrics.test['mse']:g}")


if __name__ == "__main__":
    with safe_stage():
        main()
