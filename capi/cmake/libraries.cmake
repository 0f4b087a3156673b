# What the shared and the static library show to others and what they need from them.
# SPDX-License-Identifier: MIT
include(GNUInstallDirs)
include(CheckCXXSourceCompiles)

set(exports ${PROJECT_SOURCE_DIR}/capi/exports)

foreach(library linnet linnet_static)
  target_include_directories(${library} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/capi>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
endforeach()

target_link_libraries(linnet PRIVATE Threads::Threads ${linnet_blas})
set_target_properties(linnet PROPERTIES VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR})

# Only what the header declares is visible.
if(WIN32)
  target_sources(linnet PRIVATE ${exports}/linnet.def)
  target_compile_definitions(linnet INTERFACE LINNET_SHARED)
elseif(APPLE)
  target_link_options(linnet PRIVATE "LINKER:-exported_symbols_list,${exports}/linnet.exports"
    "LINKER:-dead_strip")
  set_target_properties(linnet PROPERTIES LINK_DEPENDS ${exports}/linnet.exports)
else()
  target_link_options(linnet PRIVATE "LINKER:--version-script=${exports}/linnet.map")
  set_target_properties(linnet PROPERTIES LINK_DEPENDS ${exports}/linnet.map)
  # Android refuses libraries that are not laid out for pages of 16 KB.
  target_link_options(linnet PRIVATE "LINKER:-z,max-page-size=16384")
  # Nothing that is not used, and no gaps of a page between code and constants.
  target_link_options(linnet PRIVATE LINKER:--gc-sections LINKER:-z,noseparate-code)
  if(NOT LINNET_SANITIZE) # whose functions come with the program
    target_link_options(linnet PRIVATE "LINKER:-z,defs")
  endif()
endif()

# A process may then hold any other C++ runtime: this one is not visible to it.
if(LINNET_STATIC_RUNTIME AND NOT LINNET_SANITIZE AND NOT MSVC AND NOT APPLE)
  set(CMAKE_REQUIRED_LINK_OPTIONS -static-libstdc++ -static-libgcc)
  check_cxx_source_compiles("#include <mutex>\nint main() { std::mutex m; m.lock(); }"
    LINNET_HAS_STATIC_RUNTIME)
  unset(CMAKE_REQUIRED_LINK_OPTIONS)
  if(LINNET_HAS_STATIC_RUNTIME)
    target_link_options(linnet PRIVATE -static-libstdc++ -static-libgcc)
  endif()
endif()

# What a linker for C does not add by itself, such as stdc++ and m.
set(linnet_cxx_libraries ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
list(REMOVE_ITEM linnet_cxx_libraries ${CMAKE_C_IMPLICIT_LINK_LIBRARIES})
list(REMOVE_DUPLICATES linnet_cxx_libraries)

target_link_libraries(linnet_static PUBLIC Threads::Threads ${linnet_blas})
target_link_libraries(linnet_static INTERFACE "$<$<LINK_LANGUAGE:C>:${linnet_cxx_libraries}>")
if(NOT MSVC) # where the shared library's import library has this name
  set_target_properties(linnet_static PROPERTIES OUTPUT_NAME linnet)
endif()
