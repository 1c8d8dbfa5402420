#pragma once

#include <string>

namespace enroll::system {

/// Whose account runs this program: "ana"; "ana as root" where she became root by sudo; "account 1007" for one without a
/// name. Who is root can make it say anything.
/// \par Source   sudo(8), "ENVIRONMENT": SUDO_USER is the login name of the user who invoked sudo
std::string accountName();

} // namespace enroll::system
