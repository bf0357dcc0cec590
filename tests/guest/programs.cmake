# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that run inside the VM, guest_NAME of tests/guest/NAME.c, and the fuzzer of the module's
# ioctls; also for guests of another architecture than the host's (target guest-tests).
file(GLOB guest_programs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/guest/*.c)
foreach(source ${guest_programs})
  get_filename_component(name ${source} NAME_WE)
  add_executable(guest_${name} ${source})
  target_link_libraries(guest_${name} PRIVATE pthread)
  set_target_properties(guest_${name} PROPERTIES OUTPUT_NAME ${name}
                        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/guest)
  list(APPEND guest_targets guest_${name})
endforeach()
file(GLOB fuzz CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*.c)
add_executable(guest_fuzzer ${fuzz})
target_link_libraries(guest_fuzzer PRIVATE pthread)
set_target_properties(guest_fuzzer PROPERTIES OUTPUT_NAME fuzz
                      RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/fuzz)
add_custom_target(guest-tests DEPENDS ${guest_targets} guest_fuzzer)
if(CMAKE_CROSSCOMPILING)
  set_target_properties(${guest_targets} guest_fuzzer PROPERTIES EXCLUDE_FROM_ALL TRUE)
endif()
