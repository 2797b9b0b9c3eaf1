// SPDX-License-Identifier: Apache-2.0

/// A Python environment for one machine: what the stage's own Python has, and what a job adds. The stage's own stays as
/// it was.
enum PythonPackages {
    /// Makes an environment in the directory that is its argument, and shows it the packages of the Python that runs
    /// this, its installer among them.
    private static let script = """
        import os, site, sys, sysconfig, venv
        place = sys.argv[1]
        venv.create(place, with_pip=False, symlinks=True)
        own = [p for p in sys.path if p and p.rstrip("/").endswith(("site-packages", "dist-packages"))]
        inner = sysconfig.get_path("purelib", "venv", {"base": place, "platbase": place, "installed_base": place})
        with open(os.path.join(inner, "stage.pth"), "w") as out:
            out.write("\\n".join(own) + "\\n")
        """

    static func makeEnvironment(python: String, at place: String) -> [String] { [python, "-c", script, place] }

    static func python(in place: String) -> String { place + "/bin/python" }

    static func install(python: String, requirements: String) -> [String] {
        [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-r", requirements]
    }

    static func installPackage(python: String) -> [String] {
        [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "."]
    }
}
