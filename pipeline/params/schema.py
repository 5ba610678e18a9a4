"""The schema of params.yaml: every setting, its type and its bounds, written once for the check and the widgets."""

from collections import Counter
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

Fraction = Annotated[FiniteFloat, Field(gt=0, lt=1)]
LossName = Literal["mse", "mae"]
Schedule = Literal["constant", "inverse_time", "step", "cosine"]
Missing = Literal["refuse", "drop_rows", "mean"]

MAX_SEED: Final = 2**32 - 1


def later_seed(seed: int, steps: int) -> int:
    """The seed that comes so many steps after this one; after the largest comes 0."""
    return (seed + steps) % (MAX_SEED + 1)


Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Text = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A text of one line, for it travels in a command."""

HIDDEN_UNITS: Final = 50
"""In each hidden layer."""

VALUE_NAMES: Final = {
    "model": {"one_hidden": "one hidden layer", "two_hidden": "two hidden layers"},
    "loss": {"mse": "mean squared error", "mae": "mean absolute error"},
    "schedule": {"inverse_time": "1/t"},
    "nesterov": {"True": "on", "False": "off"},
    "device": {"cpu": "CPU", "gpu": "GPU"},
    "missing": {"refuse": "refused", "drop_rows": "rows left out", "mean": "filled with the mean"},
    "scaling": {"z_score": "z-score"},
    "statistics_from": {"train_rows": "training rows", "train_and_validation_rows": "training and validation rows"},
}
"""The values of settings in plain words, where these differ from the words of params.yaml."""


def value_name(setting: str, value: Any) -> Any:
    """A value in plain words: `mean squared error` for `mse`; most values stay as they are."""
    return VALUE_NAMES.get(setting, {}).get(str(value), value)


class Section(BaseModel):
    """A section of params.yaml: every key is needed, no other is allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Download(Section):
    """Where the raw table comes from."""

    dataset: Text
    csv: Text
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None

    @model_validator(mode="after")
    def _url_is_for_own(self) -> Self:
        if self.url is not None and self.dataset != "own":
            raise ValueError(f"url is {self.url}, but only dataset own uses it: set dataset to own, or url to null")
        return self


class Normalize(Section):
    """Which columns, which rows and which scaling the model sees."""

    target: Text
    features: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)]
    categories: Annotated[tuple[Text, ...], Field(strict=False)]
    missing: Missing
    split: Literal["tfjs", "random"]
    test_fraction: Fraction
    validation_fraction: Fraction
    seed: Seed
    scaling: Literal["z_score", "none"]
    statistics_from: Literal["train_rows", "train_and_validation_rows"]

    @property
    def measured_parts(self) -> tuple[str, ...]:
        """The parts of the split whose rows the means, the standard deviations and the categories come from."""
        return ("train",) if self.statistics_from == "train_rows" else ("train", "validation")

    @model_validator(mode="before")
    @classmethod
    def _columns_may_be_named_as_years(cls, values: Any) -> Any:
        """YAML reads a name such as 2018 as a number."""

        def named(given: Any) -> Any:
            if isinstance(given, list):
                return [named(name) for name in given]
            return str(given) if type(given) is int else given

        if not isinstance(values, dict):
            return values
        return values | {key: named(values[key]) for key in ("target", "features", "categories") if key in values}

    @model_validator(mode="after")
    def _columns_go_together(self) -> Self:
        if self.target in self.features:
            raise ValueError(f"features holds the target {self.target!r}: a model must not see what it predicts")
        for key, names in (("features", self.features), ("categories", self.categories)):
            twice = sorted(name for name, count in Counter(names).items() if count > 1)
            if twice:
                raise ValueError(f"{key} names {', '.join(map(repr, twice))} more than once: keep one of each")
        others = [name for name in self.categories if name not in self.features]
        if others:
            raise ValueError(
                f"categories names {', '.join(map(repr, others))}, which features does not: add it there, or take it "
                "out of categories"
            )
        return self


class Train(Section):
    """The model, and how SGD descends."""

    model: Literal[
        "linear",
        "one_hidden",
        "two_hidden",
    ] = Field(title="Model", description=f"Linear, or with one or two hidden layers of {HIDDEN_UNITS} sigmoid units.")
    loss: LossName = Field(
        title="Loss", description="What SGD descends on: the mean squared or the mean absolute error."
    )
    learning_rate: FiniteFloat = Field(
        gt=0, title="Learning rate", description="The size of a step, relative to the gradient."
    )
    schedule: Schedule = Field(
        title="Schedule",
        description="How the learning rate falls from epoch to epoch; 1/t, by halves, or along a cosine.",
    )
    decay_epochs: int = Field(
        ge=1,
        le=10_000,
        title="Epochs to half the rate",
        description="For the schedules 1/t and step; the cosine falls to 0 over all epochs.",
    )
    momentum: FiniteFloat = Field(
        ge=0, lt=1, title="Momentum", description="The share of the previous step that is added to the next one."
    )
    nesterov: bool = Field(title="Nesterov", description="Takes the gradient where momentum will carry the weights.")
    batch_size: int = Field(ge=1, le=1_000_000, title="Batch size", description="Rows per update.")
    epochs: int = Field(ge=1, le=10_000, title="Epochs", description="Passes over the training rows.")
    seed: Seed = Field(title="Seed", description="Draws the initial weights and the order of the batches.")
    early_stopping_patience: int = Field(
        ge=0,
        le=10_000,
        title="Early stopping after",
        description="Epochs without a better validation loss; 0 never stops early.",
    )
    device: Literal["auto", "cpu", "gpu"] = Field(title="Device", description="A GPU if there is one, or as chosen.")

    @property
    def template(self) -> "Train":
        """The settings that decide which program is compiled and which learning rates are stable; the others vary."""
        return self.model_copy(
            update={
                "learning_rate": 1.0,
                "schedule": "constant",
                "decay_epochs": 1,
                "epochs": 1,
                "seed": 0,
                "early_stopping_patience": 0,
                "device": "auto",
            }
        )

    @property
    def is_linear(self) -> bool:
        """Whether the model is linear in its inputs: one layer, without an activation."""
        return self.model == "linear"

    @property
    def has_quadratic_loss(self) -> bool:
        """Whether the loss is quadratic in the weights, so that theory says in advance what descent on it does."""
        return self.is_linear and self.loss == "mse"


class Params(Section):
    """The whole of params.yaml."""

    download: Download
    normalize: Normalize
    train: Train
