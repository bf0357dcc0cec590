# SPDX-License-Identifier: GPL-2.0-or-later
# Toolchain file: migbench for guests of arm64, with what `migbench lab arch fetch arm64` has put into
# the cache. The target guest-arm64 uses it.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

# The cache, as core/datadir.c finds it.
if(NOT "$ENV{MIGBENCH_CACHE}" STREQUAL "")
  set(cache $ENV{MIGBENCH_CACHE})
elseif(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(cache $ENV{XDG_CACHE_HOME}/migbench)
else()
  set(cache $ENV{HOME}/.cache/migbench)
endif()
set(CMAKE_SYSROOT ${cache}/arch/arm64/root)
if(NOT EXISTS ${CMAKE_SYSROOT})
  message(FATAL_ERROR "the libraries of arm64 are not in ${cache}; run: migbench lab arch fetch arm64")
endif()

find_program(ARM64_GCC aarch64-linux-gnu-gcc PATHS ${cache}/arch/arm64/bin REQUIRED
             NO_CMAKE_FIND_ROOT_PATH)
set(CMAKE_C_COMPILER ${ARM64_GCC})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
    ${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)
