#pragma once

#include <string>
#include <sys/types.h>

namespace enroll::system {

/// Whose account runs this program: "ana"; "ana as root" where she became root by sudo, or "ana as enroll-station" another
/// account; "account 1007" for one without a name. What stands before "as" is what sudo said: whoever runs programs under
/// the account behind it can make it say anything.
/// \par Source   sudo(8), "ENVIRONMENT": SUDO_USER is the login name of the user who invoked sudo
std::string accountName();

/// The name of the account of that number; "account 1007" for one without a name.
std::string nameOfAccount(uid_t account);

} // namespace enroll::system
