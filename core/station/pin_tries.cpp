#include "core/station/pin_tries.h"

#include "core/base/scan_code.h"

#include <algorithm>

namespace enroll::station {
namespace {

constexpr int kMostCounted = 1000; // the wait is at its longest long before

} // namespace

using enrollment::OperatorId;

PinTries::PinTries(const std::vector<KeptTries>& kept, TimePoint now)
{
    for (const auto& one : kept) {
        Tries tries{std::clamp(one.wrong, 1, kMostCounted)};
        if (one.waits) {
            tries.until = now + waitAfter(tries.wrong);
        }
        m_tries[one.person] = tries;
    }
}

std::chrono::seconds PinTries::waitAfter(int wrong)
{
    auto wait = kFirstWait;
    for (int more = kFree; more < wrong && wait < kLongestWait; ++more) {
        wait *= 2;
    }
    return std::min(wait, kLongestWait);
}

int PinTries::left(const OperatorId& person) const
{
    const auto found = m_tries.find(person);
    return found == m_tries.end() ? kFree : std::max(1, kFree - found->second.wrong);
}

std::optional<PinTries::TimePoint> PinTries::waitsUntil(const OperatorId& person, TimePoint now) const
{
    const auto found = m_tries.find(person);
    const bool waits = found != m_tries.end() && found->second.until && now < *found->second.until;
    return waits ? found->second.until : std::nullopt;
}

Result<void> PinTries::begin(const OperatorId& person, TimePoint now)
{
    if (waitsUntil(person, now)) {
        return makeError(ScanCode::PinLocked, "the wait behind a wrong PIN is not over", "sign in");
    }
    auto& tries = m_tries[person];
    tries.wrong = std::min(tries.wrong + 1, kMostCounted);
    tries.until = tries.wrong < kFree ? std::nullopt : std::optional{now + waitAfter(tries.wrong)};
    return {};
}

void PinTries::takeBack(const OperatorId& person)
{
    const auto found = m_tries.find(person);
    if (found == m_tries.end()) {
        return;
    }
    found->second.until.reset(); // it was over, or no try could have begun
    if (--found->second.wrong == 0) {
        m_tries.erase(found);
    }
}

bool PinTries::passTime(TimePoint now)
{
    bool changed = false;
    for (auto& [person, tries] : m_tries) {
        if (tries.until && *tries.until <= now) {
            tries.until.reset();
            changed = true;
        }
    }
    return changed;
}

std::optional<PinTries::TimePoint> PinTries::nextEnd() const
{
    std::optional<TimePoint> next;
    for (const auto& [person, tries] : m_tries) {
        if (tries.until && (!next || *tries.until < *next)) {
            next = tries.until;
        }
    }
    return next;
}

std::vector<KeptTries> PinTries::kept() const
{
    std::vector<KeptTries> all;
    for (const auto& [person, tries] : m_tries) {
        all.push_back({person, tries.wrong, tries.until.has_value()});
    }
    return all;
}

} // namespace enroll::station
