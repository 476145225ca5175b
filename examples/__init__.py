"""The studies that ship: one file each builds one."""

from examples import mnist

BUNDLED = {mnist.KEY: mnist.load_study}
