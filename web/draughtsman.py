"""The process that draws charts: a line of Vega-Lite in, a line of SVG out, until the service that started it goes away.

It is a process of its own because the library stands still for everybody in the process that it draws in, and takes 75 MB there."""

import json
import sys


def main() -> None:
    import vl_convert

    for line in sys.stdin:
        try:
            # No address may be read: whatever a chart shows is in its specification.
            answer = {"svg": vl_convert.vegalite_to_svg(line, allowed_base_urls=[])}
        except ValueError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
