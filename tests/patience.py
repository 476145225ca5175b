"""How long tests wait for what will come, on any machine; none waits so long if all is well."""

SECONDS = 240
