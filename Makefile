# `make night` and `make test` do all the set-up they need. The rest is for people who work on Nightshift.

# They keep every core busy, which real processes and sockets beside them would take for a slow machine.
COUNTING = NightEngineTests|NightSimulatorTests|SpotAdvisorTests|SpotMarketTests|CheckpointStoreTests

# Real servers and their clients, which wait on each other's answers.
SERVERS = AWSClientTests|S3StoreTests|ControlPlaneTests

# Of those the scripts that are waited for a minute each: they would keep the others from their answers.
SCRIPTS = GuideTests|SageMakerSDKTests|InterruptionTests

# Whole nights against doubles: they count as hard as those above, beside programs that they wait for.
PLAYED = SageMakerBackendTests|InfrastructureExportTests

RELEASE = swift build -c release --product

.PHONY: night drill torch test check format golden bench reference calibration law setup clean

night: setup ## a night on this machine, from job file to bill
	$(RELEASE) nightshift
	$(RELEASE) nightshift-agent
	Scripts/night

drill: setup ## prove that the example can be interrupted
	$(RELEASE) nightshift
	$(RELEASE) nightshift-agent
	PATH="$(CURDIR)/.venv/bin:$$PATH" .build/release/nightshift drill Examples/recommender/job.yaml --epochs 4

torch: ## install PyTorch for the CPU beside the project and drill a script that uses it
	Scripts/setup --torch
	swift build --build-tests
	PATH="$(CURDIR)/.venv-torch/bin:$$PATH" swift test --skip-build --filter 'RightScriptTests/.*PyTorch'

test: ## every test
	Scripts/setup --test
	PATH="$(CURDIR)/.venv/bin:$$PATH" python3 -m unittest discover -s Python/tests
	PATH="$(CURDIR)/.venv/bin:$$PATH" swift test --skip 'EndToEndTests|$(COUNTING)|$(SERVERS)|$(PLAYED)'
	PATH="$(CURDIR)/.venv/bin:$$PATH" swift test --skip-build --filter '$(COUNTING)'
	PATH="$(CURDIR)/.venv/bin:$$PATH" swift test --skip-build --filter '$(SERVERS)' --skip '$(SCRIPTS)'
	PATH="$(CURDIR)/.venv/bin:$$PATH" swift test --skip-build --filter '$(SCRIPTS)'
	PATH="$(CURDIR)/.venv/bin:$$PATH" swift test --skip-build --filter '$(PLAYED)'
	PATH="$(CURDIR)/.venv/bin:$$PATH" swift test --skip-build --filter EndToEndTests

check: ## format, warnings as errors, every test
	swift format lint --strict --recursive --parallel Sources Tests Benchmarks Package.swift
	swift build --build-tests -Xswiftc -warnings-as-errors
	$(MAKE) test

format: ## rewrite the sources in place
	swift format --in-place --recursive --parallel Sources Tests Benchmarks Package.swift

golden: ## rewrite the golden files; read the diff before you commit it
	RECORD_GOLDEN=1 RECORD_SNAPSHOTS=1 swift test

bench: ## figures of this machine
	swift run -c release nightshift-bench

reference: ## every published result beside ours; wants the public traces (NIGHTSHIFT_SHARED)
	swift run -c release nightshift-bench reference

calibration: ## forecasts against nights that they have not seen, as a table and a picture; wants the public traces
	swift run -c release nightshift-bench calibration $(PICTURE)

law: ## ten million nights of the safety law
	swift run -c release nightshift-bench law

setup:
	Scripts/setup

clean:
	rm -rf .build .venv .venv-torch .venv-sagemaker .nightshift Examples/recommender/data Examples/recommender/models
