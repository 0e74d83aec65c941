#!/usr/bin/python3 -u
"""Serves a Printer MIB to snmpd (pass_persist) from a text file of lines "OID type value", read again when it changes."""
import os
import sys

path = sys.argv[1]
read_at = None
variables = []


def numbers(oid):
    return tuple(map(int, oid.strip().strip(".").split(".")))


def load():
    global read_at, variables
    changed = os.stat(path).st_mtime_ns
    if changed == read_at:
        return
    read_at = changed
    lines = [line.rstrip("\n").split(None, 2) for line in open(path) if line.strip()]
    variables = sorted((numbers(oid), kind, value) for oid, kind, value in lines)


for line in sys.stdin:
    command = line.strip()
    if command == "PING":
        print("PONG", flush=True)
    elif command in ("get", "getnext"):
        asked = numbers(sys.stdin.readline())
        load()
        fitting = (
            each for each in variables if (each[0] == asked if command == "get" else each[0] > asked)
        )
        found = next(fitting, None)
        if found is None:
            print("NONE", flush=True)
        else:
            print("." + ".".join(map(str, found[0])), found[1], found[2], sep="\n", flush=True)
    elif command == "set":
        sys.stdin.readline()
        sys.stdin.readline()
        print("not-writable", flush=True)
