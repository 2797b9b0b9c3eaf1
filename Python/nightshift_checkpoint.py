# SPDX-License-Identifier: Apache-2.0
"""Whole checkpoints and stop notices for a training script, with or without Nightshift.

    from nightshift_checkpoint import latest, save, stopping

    checkpoint = latest()                      # the newest whole checkpoint, or None
    step = checkpoint.step if checkpoint else 0
    while step < steps:
        step += 1
        ...                                    # one step of training
        if step % 1000 == 0 or stopping():
            with save(step) as directory:      # visible only once all of it is on disk
                numpy.save(directory / "weights.npy", weights)
        if stopping():
            sys.exit(75)

One file, standard library only, Python 3.8 or newer, Linux and macOS: copy it beside your script.
The files it writes are a contract that other programs rely on: docs/checkpoint-files.md.
One process writes into a checkpoint directory at a time (in distributed training: rank 0).
"""

import hashlib
import json
import operator
import os
import re
import shutil
import signal
import stat
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

__all__ = ["Checkpoint", "ResumeError", "checkpoint_directory", "latest", "save", "stopping"]

_MARKER = ".complete"
_FORMAT = "nightshift-checkpoint"
_VERSION = 1
_NAME = re.compile(r"checkpoint-([0-9]{8,})", re.ASCII)
_LEFTOVER = re.compile(r"\.(.+)\.(writing|replaced|removing)-([0-9]+)", re.ASCII)
_KEEP = 3
_being_saved = set()


class Checkpoint(NamedTuple):
    """A whole checkpoint: every file its marker names was there, with the right size and digest."""

    step: int
    directory: Path


class ResumeError(RuntimeError):
    """A checkpoint had been restored for this attempt and it is not there: going on would start again from zero."""


class _Torn(Exception):
    """Why a directory is not a whole checkpoint, as the end of a sentence."""


def checkpoint_directory():
    """Where checkpoints live: SM_CHECKPOINT_DIR, else SageMaker's default place."""
    return Path(os.environ.get("SM_CHECKPOINT_DIR") or "/opt/ml/checkpoints").absolute()


@contextmanager
def save(step, keep=None):
    """Give a directory to write files into, and turn it into the whole checkpoint of `step` when the body ends.

    All files must be closed by then. When `save` returns, the checkpoint is on disk, and of the older whole ones only
    as many are left as make `keep` (default: NIGHTSHIFT_KEEP_CHECKPOINTS, else 3) with this one.
    If the body raises, or the process dies, nothing becomes visible. An older checkpoint of the same step is replaced.
    """
    step, keep = _checked_step(step), _checked_keep(keep)
    parent = checkpoint_directory()
    parent.mkdir(parents=True, exist_ok=True)
    _clear_leftovers(parent)
    name = _name(step)
    writing = _hidden(parent, name, "writing")
    writing.mkdir()
    _being_saved.add(name)
    try:
        yield writing
        _complete(writing, step)
        _publish(writing, parent / name)
    except BaseException:
        shutil.rmtree(writing, ignore_errors=True)
        raise
    finally:
        _being_saved.discard(name)
    _remove_old(parent, step, keep)


def latest():
    """The newest whole checkpoint, or None on a fresh start; reads every byte of it once.

    What is passed over is named on stderr, a line each. Raises ResumeError where a step was restored for this attempt
    (NIGHTSHIFT_RESUME_STEP) and nothing as new as that is found.
    """
    parent = checkpoint_directory()
    if parent.is_dir():
        _clear_leftovers(parent)
    found = None
    for step, directory in _candidates(parent, say=_say):
        try:
            _verify(directory, step, digests=True)
        except (_Torn, OSError) as reason:
            _say("passed over %s: %s" % (directory.name, reason))
        else:
            found = Checkpoint(step, directory)
            break
    _check_expectation(found, parent)
    return found


def stopping():
    """True once SIGTERM arrived or the file named by NIGHTSHIFT_NOTICE_FILE exists: save once more, then leave."""
    _listen()
    notice = os.environ.get("NIGHTSHIFT_NOTICE_FILE")
    return _terminated or bool(notice and os.path.exists(notice))


def _name(step):
    return "checkpoint-%08d" % step


def _hidden(parent, name, purpose):
    return parent / (".%s.%s-%d" % (name, purpose, os.getpid()))


def _checked_step(step):
    if isinstance(step, bool):
        raise TypeError("a checkpoint's step is an int, not %r" % step)
    number = operator.index(step)  # takes NumPy's integers too, refuses floats
    if number < 0:
        raise ValueError("a checkpoint's step is 0 or more, not %d" % number)
    return number


def _checked_keep(keep):
    if keep is None:
        text = os.environ.get("NIGHTSHIFT_KEEP_CHECKPOINTS") or str(_KEEP)
        keep = int(text) if text.isdecimal() else 0
        if keep < 1:
            raise ValueError("NIGHTSHIFT_KEEP_CHECKPOINTS is a whole number from 1 up, not %r" % text)
    if keep < 1:
        raise ValueError("keep is 1 or more, not %r" % keep)
    return keep


def _say(sentence):
    print("nightshift: " + sentence.encode("utf-8", "backslashreplace").decode("utf-8"), file=sys.stderr, flush=True)


def _complete(directory, step):
    """Sync every file and folder, then write and sync the marker: it is the last thing written."""
    files, folders = _contents(directory)
    if not files:
        raise ValueError("nothing was written below %s: write into the directory that save() gives" % directory)
    entries = []
    for path in files:
        size, digest = _measure(directory / path, sync=True)
        entries.append({"path": path, "bytes": size, "sha256": digest})
    marker = {"format": _FORMAT, "version": _VERSION, "step": step, "files": entries}
    with open(directory / _MARKER, "x", encoding="utf-8") as file:
        json.dump(marker, file, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    for folder in reversed(folders):
        _sync_folder(folder)


def _contents(directory):
    """Sorted relative paths of the files, and the folders, parents first. Refuses all but regular files."""
    files, folders = [], []

    def unreadable(error):
        raise error

    for folder, subfolders, names in os.walk(directory, onerror=unreadable):
        folders.append(folder)
        for name in names + [sub for sub in subfolders if os.path.islink(os.path.join(folder, sub))]:
            path = os.path.join(folder, name)
            relative = os.path.relpath(path, directory).replace(os.sep, "/")
            relative.encode("utf-8")  # another program must be able to spell it
            if relative == _MARKER:
                raise ValueError("%s is written by save() itself" % _MARKER)
            if not stat.S_ISREG(os.lstat(path).st_mode):
                raise ValueError("%s is not a regular file: a checkpoint holds nothing else" % relative)
            files.append(relative)
    return sorted(files), folders


def _measure(path, sync=False):
    """Size and SHA-256 of a file."""
    with _opened(path) as file:
        digest, size = hashlib.sha256(), 0
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
            size += len(block)
        if sync:
            os.fsync(file.fileno())
    return size, digest.hexdigest()


def _opened(path):
    """For reading; refuses to follow a link or to wait for a FIFO."""
    return open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _sync_folder(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _publish(writing, final):
    """Rename into place. What stood there steps aside first: a directory cannot be renamed over one with files in it.

    Between the two renames neither stands under the final name, and both are whole under hidden ones; after a crash
    there, _clear_leftovers puts the older one back.
    """
    aside = _hidden(final.parent, final.name, "replaced")
    replaces = os.path.lexists(final)
    if replaces:
        os.rename(final, aside)
    try:
        os.rename(writing, final)
    except OSError:
        if replaces:
            os.rename(aside, final)
        raise
    _sync_folder(final.parent)
    if replaces:
        _remove(aside)


def _remove_old(parent, step, keep):
    """Of the whole checkpoints older than `step`, leave the newest keep - 1. Sizes tell whole ones here, not digests:
    reading everything again at each save would cost more than it protects."""
    whole = 0
    for older, directory in _candidates(parent):
        if older < step:
            try:
                _verify(directory, older, digests=False)
            except (_Torn, OSError):
                continue
            whole += 1
            if whole >= keep:
                removing = _hidden(parent, directory.name, "removing")
                try:
                    os.rename(directory, removing)
                    _remove(removing)
                except OSError as error:  # the new one is safe: no reason to end the training
                    _say("could not remove %s: %s" % (directory.name, error))


def _clear_leftovers(parent):
    """Remove what dead runs left under hidden names; put back a checkpoint that had stepped aside for its successor."""
    for entry in sorted(os.listdir(parent)):
        match = _LEFTOVER.fullmatch(entry)
        if not match or not _NAME.fullmatch(match[1]) or match[1] in _being_saved or _is_other(int(match[3])):
            continue
        final = parent / match[1]
        with suppress(OSError):  # whoever only reads may read a directory that cannot be written
            if match[2] == "replaced" and not os.path.lexists(final):
                os.rename(parent / entry, final)
            else:
                _remove(parent / entry)


def _is_other(process):
    """Whether another process of that number runs. Our own number is no proof: containers hand it out again."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return process != os.getpid()


def _remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        os.unlink(path)


def _candidates(parent, say=None):
    """Steps and directories that are named like a checkpoint, newest first."""
    found = []
    for entry in sorted(os.listdir(parent)) if os.path.lexists(parent) else []:
        match, path = _NAME.fullmatch(entry), parent / entry
        if match and _name(int(match[1])) == entry and path.is_dir() and not path.is_symlink():
            found.append((int(match[1]), path))
        elif say and not entry.startswith("."):
            say("passed over %s: not a checkpoint" % entry)
    return sorted(found, reverse=True)


def _verify(directory, step, digests):
    """Raise _Torn unless every file of the marker is there with its size and, where asked for, its digest."""
    root = os.path.realpath(directory)
    for entry in _marked_files(directory / _MARKER, step):
        path, size, digest = entry["path"], entry["bytes"], entry["sha256"]
        full = os.path.join(root, path)
        if not os.path.lexists(full):
            raise _Torn("%s is missing" % path)
        if os.path.realpath(full) != full or not stat.S_ISREG(os.lstat(full).st_mode):
            raise _Torn("%s is not a regular file" % path)
        if os.lstat(full).st_size != size:
            raise _Torn("%s has %d bytes, marker says %d" % (path, os.lstat(full).st_size, size))
        if digests and _measure(full)[1] != digest:
            raise _Torn("%s has another SHA-256 than the marker says" % path)


def _marked_files(path, step):
    try:
        with _opened(path) as file:
            marker = json.loads(file.read().decode("utf-8"))
        kind, version, marked, files = (marker[key] for key in ("format", "version", "step", "files"))
        paths = [entry["path"] for entry in files]
        spelled = type(marked) is int and paths == sorted(set(paths)) and _MARKER not in paths and all(
            type(entry["bytes"]) is int and isinstance(entry["sha256"], str)
            and "\0" not in entry["path"] and not {"", ".", ".."} & set(entry["path"].split("/"))
            for entry in files
        )
    except FileNotFoundError:
        raise _Torn("its marker %s is missing" % _MARKER)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _Torn("its marker is damaged")
    if (kind, version) != (_FORMAT, _VERSION):
        raise _Torn("its marker is %s version %s, not %s version %d" % (kind, version, _FORMAT, _VERSION))
    if marked != step:
        raise _Torn("its marker says step %s" % marked)
    if not files or not spelled:
        raise _Torn("its marker is damaged")
    return files


def _check_expectation(found, parent):
    expected = os.environ.get("NIGHTSHIFT_RESUME_STEP")
    if not expected:
        return
    try:
        enough = found is not None and found.step >= float(expected)
    except ValueError:
        raise ResumeError("NIGHTSHIFT_RESUME_STEP is a step, not %r" % expected)
    if not enough:
        what = "only step %d" % found.step if found else "nothing"
        raise ResumeError("expected to resume at step %s, found %s in %s" % (expected, what, parent))


_terminated = False
_previous = None
_listener = None  # the process whose handler is ours
_masks = threading.local()


def _listen():
    """Take SIGTERM, once per process, where Python allows it: in the main thread."""
    global _previous, _listener
    if _listener == os.getpid() or threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGTERM) is None:
        return  # installed from C: not ours to take
    _previous = signal.signal(signal.SIGTERM, _on_term)
    _listener = os.getpid()


def _on_term(number, frame):
    global _terminated
    _terminated = True
    if callable(_previous):
        _previous(number, frame)


def _before_fork():
    _masks.before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def _after_fork():
    signal.pthread_sigmask(signal.SIG_SETMASK, _masks.before)


def _after_fork_in_child():
    """A forked worker dies of SIGTERM as before (multiprocessing relies on it), unless it calls stopping() itself.
    SIGTERM waits while the handler changes, else one sent to a child just born would be lost."""
    if _listener is not None and signal.getsignal(signal.SIGTERM) is _on_term:
        signal.signal(signal.SIGTERM, _previous)
    _after_fork()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork_in_child)
_listen()
