# SPDX-License-Identifier: GPL-2.0-or-later
# Toolchain file: migbench for guests of arm64.
set(arch arm64)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/guest.cmake)
