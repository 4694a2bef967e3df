// Checks of network parts against outputs of the official modules.
#pragma once

#include "tests/reference/case_tools.h"

namespace inkling::reference {

void checkTrunk(const Case& c);
void checkLocformerEncoderFusion(const Case& c);
void checkLocformerDecoderRefine(const Case& c);
void checkMsDeformableAttention(const Case& c);
void checkGiou(const Case& c);
void checkDetrCriterion(const Case& c);
void checkVidtCriterion(const Case& c);

}  // namespace inkling::reference
