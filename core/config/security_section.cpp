#include "core/config/security_section.h"

namespace enroll::config {

Result<void> readSecurity(const Fields& section, SecuritySettings& settings)
{
    constexpr int kLongestLockMinutes = 480;
    TRY(section.allowOnly(kSecurityKeys));
    TRY(section.read("require_sign_in", settings.requireSignIn));
    return section.read("lock_after_minutes", settings.lockAfterMinutes, 0, kLongestLockMinutes);
}

} // namespace enroll::config
