#pragma once

namespace enroll::system {

/// Takes each variable of the XDG Base Directory Specification that names a relative directory out of the environment.
/// Early in main(): it changes the environment, and must come before other threads.
///
/// Such a path is invalid and must be ignored; Qt takes it as it is, so that the files of a program would lie in another
/// place for each directory that it is started from.
/// \par Source   XDG Base Directory Specification 0.8, "Basics"
void forgetRelativeBaseDirectories() noexcept;

} // namespace enroll::system
