// SPDX-License-Identifier: Apache-2.0

/// Training scripts of the standard library alone. Each step waits for the gate, so a test decides how far they get.
enum Scripts {
    private static let beginning = """
        import json, os, signal, subprocess, sys, time
        from pathlib import Path
        arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
        steps, behaviour = int(arguments["--steps"]), arguments["--behaviour"]
        control = Path(os.environ["CONTROL"])
        def say(name, text):
            with open(control / name, "a") as file: file.write("%s\\n" % text)
        def gate():
            try: return int((control / "gate").read_text() or 0)
            except FileNotFoundError: return 0
        def attempt_is_first():
            return len((control / "start").read_text().splitlines()) == 1
        notice = Path(os.environ["NIGHTSHIFT_NOTICE_FILE"])

        """

    /// Writes markers, by the project's own Python module.
    static let marked =
        beginning + """
            from nightshift_checkpoint import latest, save, stopping
            checkpoint = latest()
            step = checkpoint.step if checkpoint else 0
            say("start", "%d %s %s" % (step, os.environ.get("NIGHTSHIFT_RESUME_STEP"), notice.exists()))
            say("pid", os.getpid())
            trace = json.loads((checkpoint.directory / "state.json").read_text()) if checkpoint else []
            if behaviour == "crash": sys.exit(3)
            if behaviour == "deaf": signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if behaviour == "family" and attempt_is_first():
                say("child", subprocess.Popen(["sleep", "1000"]).pid)
                subprocess.Popen(["sh", "-c", "setsid sleep 1000 & exit 0"])
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0: time.sleep(1000)
                    os._exit(0)
            if behaviour == "two at once":
                place = os.environ["SM_CHECKPOINT_DIR"]
                os.environ["SM_CHECKPOINT_DIR"] = str(control / "aside")
                for number in (1, 2):
                    with save(number) as directory: (directory / "weights").write_bytes(b"%d" % number * 1000)
                (control / "aside/checkpoint-00000002/weights").write_bytes(b"X" * 1000)
                for number in (2, 1):
                    name = "checkpoint-%08d" % number
                    os.rename(control / "aside" / name, Path(place, name))
                os.environ["SM_CHECKPOINT_DIR"] = place
            while step < steps:
                while gate() <= step and not stopping(): time.sleep(0.003)
                step += 1
                trace.append(step)
                print("epoch=%d loss=%f" % (step, 1 / step), flush=True)
                time.sleep(0.03)  # as long as saving takes at least
                with save(step) as directory:
                    (directory / "state.json").write_text(json.dumps(trace))
                    (directory / "weights").write_bytes(b"%d" % step * 1000)
                if stopping():
                    say("stopped", "%d %s" % (step, notice.exists()))
                    sys.exit(75)
            if behaviour == "liar":
                newest = Path(os.environ["SM_CHECKPOINT_DIR"]) / ("checkpoint-%08d" % steps)
                (newest / "weights").write_bytes(b"X" * (newest / "weights").stat().st_size)
            if behaviour != "no-model":
                Path(os.environ["SM_MODEL_DIR"], "model.json").write_text(json.dumps(trace))
                Path(os.environ["SM_MODEL_DIR"], ".hidden").write_text("part of it")
            """

    /// Knows nothing of markers: files under one name each time.
    static let settled =
        beginning + """
            directory = Path(os.environ["SM_CHECKPOINT_DIR"])
            state = directory / "state.json"
            step = json.loads(state.read_text())["step"] if state.exists() else 0
            say("start", "%d %s %s" % (step, os.environ.get("NIGHTSHIFT_RESUME_STEP"), notice.exists()))
            say("pid", os.getpid())
            def write(step):
                (directory / "state.json.tmp").write_text(json.dumps({"step": step}))
                os.replace(directory / "state.json.tmp", state)
            def stop(number, frame):
                write(step)
                say("stopped", "%d %s" % (step, notice.exists()))
                sys.exit(75)
            if behaviour == "polite": signal.signal(signal.SIGTERM, stop)
            if behaviour == "crash" and step > 0:
                while gate() < 100: time.sleep(0.003)
                time.sleep(0.6)  # longer than it takes to settle: only then is there something to be mistaken
                sys.exit(3)
            os.symlink("/etc/passwd", directory / "link")
            os.mkfifo(directory / "pipe")
            while step < steps:
                while gate() <= step: time.sleep(0.003)
                step += 1
                print("epoch=%d" % step, flush=True)
                time.sleep(0.03)  # as long as saving takes at least
                write(step)
            if behaviour == "crash": sys.exit(3)
            Path(os.environ["SM_MODEL_DIR"], "model.json").write_text(str(step))
            """

    /// Writes its two files all the time, so that hardly ever they belong together.
    static let restless =
        beginning + """
            say("pid", os.getpid())
            directory = Path(os.environ["SM_CHECKPOINT_DIR"])
            number = 0
            while True:
                number += 1
                for name in ("a", "b"):
                    with open(directory / name, "w") as file: file.write(str(number))
                if number == 200: say("busy", "yes")
                time.sleep(0.001)
            """
}
