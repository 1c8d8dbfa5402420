#pragma once

#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/delivery/destination.h"

#include <deque>
#include <functional>
#include <map>

namespace enroll::test {

using namespace enroll::delivery;
using std::chrono::seconds;

inline Trouble met(TroubleKind kind, ErrorCode code, std::optional<seconds> retryAfter = {})
{
    Trouble trouble{kind, makeError(code, "scripted"), retryAfter};
    if (kind == TroubleKind::Busy) {
        trouble.longWaitCode = CloudCode::AsksForLongWait;
    }
    return trouble;
}

/// A destination that holds what was delivered to it, and answers by script first. Writes down each call.
class ScriptedDestination final : public Destination {
public:
    enum class Arrives { Yes, No };
    struct Step {
        SendOutcome outcome;
        Arrives arrives = Arrives::No;
    };

    void then(SendOutcome outcome, Arrives arrives = Arrives::No) { m_steps.push_back({std::move(outcome), arrives}); }
    /// The outcome of one id alone, until it is forgotten.
    void forget(const std::string& id) { m_always.erase(id); }
    void always(const std::string& id, SendOutcome outcome) { m_always.insert_or_assign(id, std::move(outcome)); }
    /// Every call with this id in it comes to this, for all of its records.
    void spoils(const std::string& id, Trouble why) { m_spoiling.insert_or_assign(id, std::move(why)); }
    void readBackFailsFor(const std::string& id, Trouble why) { m_unreadable.insert_or_assign(id, std::move(why)); }
    void holds(const enrollment::RegistrationId& id) { ++m_held[id.text()]; }
    /// From now on a call is repeated entry by entry.
    void splits() { m_splits = true; }
    /// The next call ends before anything left.
    void findsNoConnection(Trouble why) { m_noConnection = std::move(why); }
    void readBackFails(Trouble why) { m_readBackFault = std::move(why); }

    std::vector<SendOutcome> send(std::span<const OutboxEntry> entries, Departure& departure,
                                  const std::stop_token& stop) override
    {
        log.push_back("send " + std::to_string(entries.size()));
        if (m_noConnection) {
            return {entries.size(), *std::exchange(m_noConnection, {})};
        }
        if (const auto left = depart(entries, departure); !left) {
            return {entries.size(), Trouble{TroubleKind::NeedsPerson, left.error(), {}}};
        }
        if (onSend) {
            onSend(entries);
        }
        if (stop.stop_requested()) {
            return {entries.size(), met(TroubleKind::InDoubt, DeviceCode::Cancelled)};
        }
        for (const auto& entry : entries) {
            if (const auto spoiling = m_spoiling.find(entry.record.registrationId.text());
                spoiling != m_spoiling.end()) {
                return {entries.size(), spoiling->second};
            }
        }
        if (m_steps.empty()) {
            return deliver(entries);
        }
        const auto step = std::move(m_steps.front());
        m_steps.pop_front();
        if (step.arrives == Arrives::Yes) {
            deliver(entries);
        }
        return {entries.size(), step.outcome};
    }

    std::vector<ReadBackOutcome> readBack(std::span<const OutboxEntry> entries, const std::stop_token&) override
    {
        log.push_back("read " + std::to_string(entries.size()));
        if (m_readBackFault) {
            return {entries.size(), *std::exchange(m_readBackFault, {})};
        }
        std::vector<ReadBackOutcome> outcomes;
        for (const auto& entry : entries) {
            const auto unreadable = m_unreadable.find(entry.record.registrationId.text());
            if (unreadable != m_unreadable.end()) {
                outcomes.emplace_back(unreadable->second);
                continue;
            }
            if (m_held.contains(entry.record.registrationId.text())) {
                outcomes.emplace_back(Accepted{});
            } else {
                outcomes.emplace_back(Absent{});
            }
        }
        return outcomes;
    }

    Result<void> probe(const std::stop_token& /*stop*/) override
    {
        log.emplace_back("probe");
        return {};
    }

    /// How often one record was delivered: more than once is a fault of the uploader.
    [[nodiscard]] int mostDeliveries() const
    {
        int most = 0;
        for (const auto& [id, times] : m_held) {
            most = std::max(most, times);
        }
        return most;
    }
    [[nodiscard]] std::size_t held() const { return m_held.size(); }

    std::vector<std::string> log;
    std::function<void(std::span<const OutboxEntry>)> onSend;

private:
    Result<void> depart(std::span<const OutboxEntry> entries, Departure& departure) const
    {
        TRY(departure.leaving(entries));
        for (std::size_t i = 0; m_splits && i < entries.size(); ++i) {
            TRY(departure.leaving(entries.subspan(i, 1)));
        }
        return {};
    }
    std::vector<SendOutcome> deliver(std::span<const OutboxEntry> entries)
    {
        std::vector<SendOutcome> outcomes;
        for (const auto& entry : entries) {
            const auto& id = entry.record.registrationId.text();
            if (const auto fixed = m_always.find(id); fixed != m_always.end()) {
                outcomes.push_back(fixed->second);
                continue;
            }
            ++m_held[id];
            outcomes.emplace_back(Accepted{});
        }
        return outcomes;
    }

    std::deque<Step> m_steps;
    std::map<std::string, SendOutcome> m_always;
    std::map<std::string, Trouble> m_spoiling;
    std::map<std::string, Trouble> m_unreadable;
    std::map<std::string, int> m_held;
    bool m_splits = false;
    std::optional<Trouble> m_noConnection;
    std::optional<Trouble> m_readBackFault;
};

} // namespace enroll::test
