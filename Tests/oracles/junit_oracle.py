#!/usr/bin/env python3
"""Checks a JUnit XML file against junit.xsd beside this script, with libxml2, and its counts against its cases.

    junit_oracle.py FILE

Prints `suites tests failures errors skipped`. Exit 0: in order; 1: the first thing that is not, on standard error.
Needs: pip install lxml
"""
import os
import sys

from lxml import etree


def main():
    schema = etree.XMLSchema(etree.parse(os.path.join(os.path.dirname(os.path.abspath(__file__)), "junit.xsd")))
    document = etree.parse(sys.argv[1])
    if not schema.validate(document):
        sys.exit(f"junit_oracle: {schema.error_log[0]}")
    total = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    suites = document.getroot().findall("testsuite")
    for suite in suites:
        found = {
            "tests": len(suite.findall("testcase")),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
            "skipped": len(suite.findall("testcase/skipped")),
        }
        for key, value in found.items():
            total[key] += value
            if int(suite.get(key)) != value:
                sys.exit(f"junit_oracle: {suite.get('name')}: {key} is {suite.get(key)}, and there are {value}")
    for key, value in total.items():
        if int(document.getroot().get(key)) != value:
            sys.exit(f"junit_oracle: testsuites: {key} is {document.getroot().get(key)}, and there are {value}")
    print(len(suites), *total.values())


main()
