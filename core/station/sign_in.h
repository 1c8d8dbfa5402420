#pragma once

#include "core/base/result.h"
#include "core/enrollment/people.h"

#include <cstdint>
#include <optional>

namespace enroll::station {

/// Who works at the station. A value without a thread or a clock: whose a badge is takes a while to find, and is found
/// elsewhere between begin() and end().
///
/// - Whoever signs in takes the place of who was signed in before.
/// - A badge that is nobody's signs nobody in and nobody out.
/// - Of two badges that are scanned one after the other, the later counts, however long each takes.
/// - Signing out ends what was begun: an answer that comes later signs nobody in.
/// - Where a person is required no serial number is taken, and nothing starts, without one.
class SignIn {
public:
    enum class Need { Optional, Required };
    /// Of one scan of a badge.
    using Ticket = std::uint64_t;

    explicit SignIn(Need need = Need::Optional) : m_need(need) {}

    [[nodiscard]] const std::optional<enrollment::Person>& person() const noexcept { return m_person; }
    /// What runs carry; empty: nobody is signed in.
    [[nodiscard]] enrollment::OperatorId operatorId() const;
    /// A badge was scanned, and nobody knows yet whose it is.
    [[nodiscard]] bool isReading() const noexcept { return m_awaited.has_value(); }

    /// \par Errors   B-625 if a person is required and nobody is signed in
    [[nodiscard]] Result<void> requireSomebody() const;

    Ticket begin();
    /// \p found: whose the badge of \p ticket is; none: nobody's. False, and nothing changes, if that is not asked any more.
    /// \par Errors   B-603 (nobody's)
    Result<bool> end(Ticket ticket, const std::optional<enrollment::Person>& found);
    /// It could not be found out. False as end().
    bool fail(Ticket ticket);
    /// Who was signed in; none: nobody.
    std::optional<enrollment::Person> signOut();

    bool operator==(const SignIn&) const = default;

private:
    Need m_need;
    std::optional<enrollment::Person> m_person;
    Ticket m_last = 0;
    std::optional<Ticket> m_awaited;
};

} // namespace enroll::station
