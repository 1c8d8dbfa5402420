#include "core/station/sign_in.h"

#include "core/base/scan_code.h"

#include <utility>

namespace enroll::station {

using enrollment::OperatorId;
using enrollment::Person;

OperatorId SignIn::operatorId() const
{
    return m_person ? m_person->id : OperatorId{};
}

Result<void> SignIn::requireSomebody() const
{
    if (m_need == Need::Required && !m_person) {
        return makeError(ScanCode::OperatorMissing, "nobody is signed in", "scan");
    }
    return {};
}

SignIn::Ticket SignIn::begin()
{
    m_awaited = ++m_last;
    return m_last;
}

Result<bool> SignIn::end(Ticket ticket, const std::optional<Person>& found)
{
    if (!fail(ticket)) {
        return false;
    }
    if (!found) { // its code stands in no log
        return makeError(ScanCode::BadgeUnknown, "a badge of nobody", "sign in");
    }
    m_person = found;
    return true;
}

bool SignIn::fail(Ticket ticket)
{
    if (m_awaited != ticket) {
        return false;
    }
    m_awaited.reset();
    return true;
}

std::optional<Person> SignIn::signOut()
{
    m_awaited.reset();
    return std::exchange(m_person, std::nullopt);
}

} // namespace enroll::station
