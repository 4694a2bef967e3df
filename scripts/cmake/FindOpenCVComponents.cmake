# Debian's OpenCV component packages ship headers and libraries but no CMake config; this finds the three we use.
find_path(OpenCVComponents_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4)
set(_opencv_required OpenCVComponents_INCLUDE_DIR)
foreach(component core imgproc imgcodecs)
  find_library(OpenCVComponents_${component} opencv_${component})
  list(APPEND _opencv_required OpenCVComponents_${component})
endforeach()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenCVComponents REQUIRED_VARS ${_opencv_required})
if(OpenCVComponents_FOUND AND NOT TARGET opencv::core)
  foreach(component core imgproc imgcodecs)
    add_library(opencv::${component} UNKNOWN IMPORTED)
    set_target_properties(opencv::${component} PROPERTIES
      IMPORTED_LOCATION "${OpenCVComponents_${component}}"
      INTERFACE_INCLUDE_DIRECTORIES "${OpenCVComponents_INCLUDE_DIR}")
  endforeach()
endif()
