// An evaluation by several processes (see team.h): they answer the queries photo by photo, the
// leader computes the figures, which are those of one process.
#pragma once

#include <functional>

#include "app/evaluation.h"
#include "app/team.h"

namespace inkling {

/// As Evaluation::answerAll(), with the others.
Answers leadEvaluation(Team& team, Evaluation& evaluation, const CancellationToken& token,
                       bool quiet);

/// Works for the leader until there is no more. `open` makes the same evaluation as the leader's,
/// once that has found nothing wrong with it.
void followEvaluation(Team& team, const std::function<Evaluation&()>& open);

}  // namespace inkling
