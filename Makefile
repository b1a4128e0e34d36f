.PHONY: run test test-fast check fix bench requirements db-reset

run:
	python3 run.py

test test-fast check fix bench requirements db-reset:
	python3 run.py $@
