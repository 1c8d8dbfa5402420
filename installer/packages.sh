# Debian 12 packages of the product, sourced by installer/quickstart and tests/run: one list, one way to install it. And what
# both need besides.
# shellcheck shell=bash

run_packages=(libqt6sql6-sqlite) # what programs load as they run, so that no linker knows of it
build_packages=(
    build-essential cmake ninja-build ccache pkg-config git
    qt6-base-dev qt6-base-dev-tools qt6-svg-dev "${run_packages[@]}"
    libtss2-dev libssl-dev libboost1.81-dev libcli11-dev libtomlplusplus-dev libre2-dev libgmp-dev libarchive-dev
    libsqlite3-dev libzint-dev libasound2-dev libxss-dev libevdev-dev libxkbcommon-dev libudev-dev
)
desktop_packages=(fonts-inter fonts-noto-mono fonts-noto-core qt6-qpa-plugins)
kiosk_packages=(cage xwayland qt6-wayland libpam-systemd procps) # what enroll-station.service starts
login_packages=(openssh-client) # what a station runs for devices at ssh://
demo_packages=(swtpm swtpm-tools gnutls-bin)
package_packages=(python3 file desktop-file-utils appstream lintian debootstrap) # installer/packages-build and packages-check
test_packages=("${login_packages[@]}" openssh-server openssl desktop-file-utils appstream systemd xvfb umockdev libumockdev-dev tpm2-tools qt6-l10n-tools sqlite3 python3 clang-format-14 clang-tidy-14 lld zbar-tools poppler-utils)
bench_packages=(keepassxc xvfb python3-xlib)
fuzz_packages=(clang-14 libclang-rt-14-dev)

# Installs those of its arguments that are missing, and asks for root only then.
ensure_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    local root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || { echo "Missing packages: ${missing[*]}. Run this as root, or install sudo." >&2; return 1; }
        root=(sudo)
    fi
    echo "Installing ${missing[*]}" >&2
    # Another installation on this machine is waited for, not failed on.
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600)
    "${root[@]}" "${apt[@]}" update
    "${root[@]}" "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2
}

# Says so where build/ belongs to another user, after a run as root perhaps; the compiler's faults would be a riddle.
require_writable_build() {
    mkdir -p build 2>/dev/null && [[ -w build ]] && return
    echo "$PWD/build cannot be written: run this as the user who owns the checkout, or give build/ to $(id -un)" >&2
    return 1
}

# A cache that pays off for every build directory of this checkout.
prepare_ccache() {
    export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=$PWD
    export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
}
