#pragma once

#include "core/base/result.h"
#include "core/enrollment/people.h"

#include <functional>
#include <optional>

namespace enroll::station {

/// Port: finds out whose a badge is, without making the caller wait: that takes a tenth of a second and more.
class BadgeCheck {
public:
    /// Whose it is; none: nobody's. Error: nobody can tell.
    using Answer = std::function<void(const Result<std::optional<enrollment::Person>>&)>;

    virtual ~BadgeCheck() = default;
    /// Calls \p answer on the caller's thread, later. Of several at once the latest may be answered alone.
    virtual void ask(SecretBytes badge, Answer answer) = 0;

protected:
    BadgeCheck() = default;
    BadgeCheck(const BadgeCheck&) = default;
    BadgeCheck& operator=(const BadgeCheck&) = default;
};

} // namespace enroll::station
