#pragma once

namespace enroll::test {

class Eyes;

/// The detail of a slot in every state that it has.
void showDetails(Eyes& eyes);

/// What F1 says of every code, and the list of keys.
void showHelp(Eyes& eyes);

} // namespace enroll::test
