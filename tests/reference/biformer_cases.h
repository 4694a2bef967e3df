// Checks of BiFormer's attention and block against outputs of the official modules.
#pragma once

#include "tests/reference/case_tools.h"

namespace inkling::reference {

void checkBiformerAttention(const Case& c);
void checkBiformerNchwAttention(const Case& c);
void checkBiformerBlock(const Case& c);

}  // namespace inkling::reference
