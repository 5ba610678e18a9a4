"""The runs of a sweep on a dask cluster: the rows travel once, and each chunk is a task."""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from pipeline.params import Train
from pipeline.safety.errors import UserError
from pipeline.sweep.results import Outcome, code_version
from pipeline.tables.preparation import PreparedData

SECONDS: Final = 5
"""So long a scheduler may take to answer."""


class Cluster:
    """A connection to the scheduler of a dask cluster, for runs on the same rows; it ends with the `with` block."""

    def __init__(self, data: PreparedData, address: str) -> None:
        """Connect. Raises `UserError` where dask is not installed, the scheduler does not answer or has no workers."""
        try:
            import distributed
        except ImportError:
            raise UserError(
                "--scheduler needs dask, which is not installed: python -m pip install -r requirements-cluster.txt"
            ) from None
        for name in ("distributed", "distributed.client"):  # what goes wrong is said here, in one sentence
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._dask, self._address = distributed, address
        try:
            scheduler = asyncio.run(asyncio.wait_for(identity(distributed, address), SECONDS))
        except (OSError, ValueError, ImportError, MemoryError) as error:
            raise UserError(f"no dask scheduler answers at {address} ({_reason(error)}); {_START}") from None
        if not scheduler["workers"]:
            raise UserError(f"the dask scheduler at {address} has no workers; {_START}")
        self._client = distributed.Client(address, timeout=SECONDS, set_as_default=False)
        self._data = self._client.submit(_same, data, pure=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.close()

    def run(self, chunks: Mapping[int, Sequence[Train]]) -> Iterator[tuple[int, list[Outcome]]]:
        """Carry out chunks, and yield the number and the outcomes of each as they come. Raises `UserError`."""
        code = code_version()
        tasks = {
            self._client.submit(_outcomes, self._data, chunk, code, pure=False): number
            for number, chunk in chunks.items()
        }
        try:
            for task, answer in self._dask.as_completed(tasks, self._client.loop, with_results=True):
                if isinstance(answer, BaseException):  # a refusal; or the scheduler is gone, and with it the task
                    raise answer
                yield tasks.pop(task), answer
        except (OSError, ImportError, self._dask.KilledWorker, self._dask.CancelledError) as error:
            raise UserError(f"the dask cluster at {self._address} failed ({_reason(error)}); sweep again") from None
        finally:
            self._client.cancel(list(tasks))


_START: Final = "start `dask scheduler`, and on each machine `dask worker ADDRESS --nworkers auto --nthreads 1`"


async def identity(dask: Any, address: str) -> Any:
    """What a scheduler says of itself, by means of the module `dask`. A client would go on asking a silent one."""
    async with dask.rpc(address, timeout=SECONDS) as scheduler:
        return await scheduler.identity(n_workers=-1)


def _same(data: PreparedData) -> PreparedData:
    """The rows, as a task of their own: a worker gets them from another one; if all are lost, the task runs again."""
    return data


def _outcomes(data: PreparedData, chunk: Sequence[Train], code: str) -> Any:
    """What a worker of the cluster does with a chunk; its code and libraries have to be those of the sweep."""
    if code_version() != code:
        return UserError(
            "a worker of the cluster has another version of this project, TensorFlow, Keras or numpy; install the same"
        )
    from pipeline.sweep.runs import outcomes

    try:
        return outcomes(data, chunk)
    except UserError as error:
        return error


def _reason(error: BaseException) -> str:
    if "scheduler-connection-lost" in str(error):
        return "the connection to the scheduler was lost"
    unsaid = f"no answer within {SECONDS} s" if isinstance(error, TimeoutError) else type(error).__name__
    return " ".join(str(error).split())[:200] or unsaid
