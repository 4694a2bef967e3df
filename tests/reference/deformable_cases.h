// Checks of deformable attention, of both codes, against outputs of the official modules.
#pragma once

#include "tests/reference/case_tools.h"

namespace inkling::reference {

void checkDeformableAttention(const Case& c);
void checkFirstDeformableAttention(const Case& c);

}  // namespace inkling::reference
