#pragma once

namespace enroll::test {

class Eyes;

/// The detail of a slot in every state that it has.
void showDetails(Eyes& eyes);

} // namespace enroll::test
