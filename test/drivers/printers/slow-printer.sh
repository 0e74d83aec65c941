#!/bin/sh
# What the tests' slow printer runs for each job: a second and a half of printing.
sleep 1.5
