#!/usr/bin/env bash
# Chromium for the browser journeys: the system's own package, installed when it is missing and we may.
set -euo pipefail
if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo 'Installing Chromium for the browser journeys ...'
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo 'The browser journeys need Chromium. Install it (Debian: apt-get install chromium) and run the tests again.' >&2
exit 1
