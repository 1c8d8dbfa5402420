#pragma once

namespace enroll::config {

/// When somebody has to sign in at the screen. Where either says so, scanner.patterns has "operator": nobody could
/// otherwise.
struct SecuritySettings {
    bool requireSignIn = false; ///< the Run screen is not reached without a person
    int lockAfterMinutes = 0;   ///< without a key, a tap or a scan, 1 to 480; 0: it never locks
    bool operator==(const SecuritySettings&) const = default;
};

} // namespace enroll::config
