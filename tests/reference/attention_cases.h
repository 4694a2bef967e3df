// Checks of the attention mechanisms, and of networks built on them, against outputs of the
// official modules.
#pragma once

#include "tests/reference/case_tools.h"

namespace inkling::reference {

void checkSwiftformerAttention(const Case& c);
void checkSwiftformerConvEncoder(const Case& c);
void checkSwiftformerEncoder(const Case& c);
void checkSwiftformerNet(const Case& c);
void checkDenseAttention(const Case& c);
void checkSwinRam(const Case& c);

}  // namespace inkling::reference
