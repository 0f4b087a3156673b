# Installs the libraries, the headers, a CMake package and a pkg-config file. All of it may be
# moved to another prefix afterwards.
# SPDX-License-Identifier: MIT
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/linnet)
set(templates ${CMAKE_CURRENT_LIST_DIR})
set(configured ${PROJECT_BINARY_DIR}/package)

install(TARGETS linnet linnet_static EXPORT linnetTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES capi/linnet.h capi/linnet.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

# find_package(linnet CONFIG): linnet::linnet, linnet::linnet_static
install(EXPORT linnetTargets NAMESPACE linnet:: DESTINATION ${package})
configure_package_config_file(${templates}/linnetConfig.cmake.in ${configured}/linnetConfig.cmake
  INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${configured}/linnetConfigVersion.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMajorVersion)
install(FILES ${configured}/linnetConfig.cmake ${configured}/linnetConfigVersion.cmake
  DESTINATION ${package})

# pkg-config --libs linnet, and with --static for the static library.
set(linnet_pc_libs_private ${CMAKE_THREAD_LIBS_INIT} ${linnet_blas})
foreach(library ${linnet_cxx_libraries})
  list(APPEND linnet_pc_libs_private -l${library})
endforeach()
list(JOIN linnet_pc_libs_private " " linnet_pc_libs_private)
foreach(folder LIBDIR INCLUDEDIR)
  if(IS_ABSOLUTE ${CMAKE_INSTALL_${folder}})
    set(linnet_pc_${folder} ${CMAKE_INSTALL_${folder}})
  else()
    set(linnet_pc_${folder} "\${prefix}/${CMAKE_INSTALL_${folder}}")
  endif()
endforeach()
file(RELATIVE_PATH linnet_pc_prefix
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" linnet_pc_prefix ${linnet_pc_prefix})
configure_file(${templates}/linnet.pc.in ${configured}/linnet.pc @ONLY)
install(FILES ${configured}/linnet.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
