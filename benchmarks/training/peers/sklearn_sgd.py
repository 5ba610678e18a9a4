"""`SGDRegressor` of scikit-learn, compiled, which updates the weights after every single row, whatever the batch."""

import numpy as np
from sklearn.linear_model import SGDRegressor

from benchmarks.training.tasks import Task, Trained
from pipeline.network.sgd import row_orders


def train(task: Task) -> Trained:
    """Train the linear model epoch by epoch on rows in our order.

    Its loss is half of the squared error, hence twice the rate. It does not give out the loss while it descends.
    """
    kernel, bias = task.unpacked()[0]
    model = SGDRegressor(penalty=None, learning_rate="constant", eta0=2 * task.settings.learning_rate, shuffle=False)
    orders = row_orders(len(task.train.target), task.settings.seed)
    model.coef_, model.intercept_ = kernel[:, 0].copy(), bias.copy()
    validation, path = [], []
    for _ in range(task.settings.epochs):
        order = next(orders)
        model.partial_fit(task.train.features[order], task.train.target[order])
        error = model.predict(task.validation.features) - task.validation.target
        validation.append(float(error @ error) / len(error))
        path.append(np.append(model.coef_, model.intercept_))
    return Trained(None, np.array(validation), np.array(path, np.float32))
