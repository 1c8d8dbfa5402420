#pragma once

#include "core/base/result.h"
#include "core/enrollment/people.h"

#include <functional>
#include <optional>

namespace enroll::station {

/// Port: finds out whose a badge is and whether a PIN is the right one, without making the caller wait: that takes a tenth
/// of a second and more.
class BadgeCheck {
public:
    /// Whose it is; none: nobody's. Error: nobody can tell.
    using Answer = std::function<void(const Result<std::optional<enrollment::Person>>&)>;
    /// Whether it is the right one. Error: nobody can tell.
    using PinAnswer = std::function<void(const Result<bool>&)>;

    virtual ~BadgeCheck() = default;
    /// Calls \p answer on the caller's thread, later. Of several questions at once, of either kind, the latest may be
    /// answered alone.
    virtual void ask(SecretBytes badge, Answer answer) = 0;
    /// As ask(): whether \p pin is the one that \p person has now. Right for a person who has none any more: the badge is
    /// enough.
    virtual void askPin(const enrollment::OperatorId& person, SecretBytes pin, PinAnswer answer) = 0;

protected:
    BadgeCheck() = default;
    BadgeCheck(const BadgeCheck&) = default;
    BadgeCheck& operator=(const BadgeCheck&) = default;
};

} // namespace enroll::station
