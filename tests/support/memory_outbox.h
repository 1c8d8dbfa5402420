#pragma once

#include "core/base/assert.h"
#include "core/delivery/outbox.h"

#include <algorithm>
#include <string>
#include <utility>

namespace enroll::test {

/// One destination's outbox in memory. Remembers what was asked of it, in order, and can be made to fail.
class MemoryOutbox final : public delivery::Outbox {
public:
    using Entry = delivery::OutboxEntry;
    using State = enrollment::RecordState;

    /// Adds a record that is queued, or sent as by a run that was interrupted.
    void add(enrollment::EnrollmentRecord record, State state = State::Queued)
    {
        m_entries.push_back({static_cast<std::int64_t>(m_entries.size()) + 1, std::move(record), state, 0});
        m_closings.emplace_back();
    }
    /// The entry at \p index was rejected for \p reason, and is queued again since.
    void rejectedBefore(std::size_t index, std::string reason) { m_entries.at(index).rejectedFor = std::move(reason); }
    /// A record that has no entry until enqueueMissing() makes one.
    void addMissing(enrollment::EnrollmentRecord record) { m_missing.push_back(std::move(record)); }
    void failOn(const std::string& call, Error error)
    {
        m_failing = call;
        m_error = std::move(error);
    }

    [[nodiscard]] const std::vector<Entry>& entries() const { return m_entries; }
    [[nodiscard]] const Entry& entry(std::size_t index) const { return m_entries.at(index); }
    [[nodiscard]] const delivery::OutboxClosing& closing(std::size_t index) const { return m_closings.at(index); }
    [[nodiscard]] int enqueued() const { return m_enqueued; }
    [[nodiscard]] int counted() const { return m_counted; }

    /// Somebody else is sending for so many more calls of claim().
    void claimedByOthers(int times) { m_refusals = times; }
    [[nodiscard]] bool claimed() const { return m_claimed; }

    Result<bool> claim() override
    {
        if (m_failing == "claim") {
            return *m_error;
        }
        m_claimed = m_claimed || m_refusals-- <= 0;
        return m_claimed;
    }
    void release() override { m_claimed = false; }

    Result<std::vector<Entry>> pending(std::size_t most, std::int64_t afterId) override
    {
        if (m_failing == "pending") {
            return *m_error;
        }
        std::vector<Entry> found;
        for (const auto& entry : m_entries) {
            if (open(entry) && entry.id > afterId && found.size() < most) {
                found.push_back(entry);
            }
        }
        return found;
    }

    Result<void> markSent(std::span<const std::int64_t> ids) override
    {
        if (m_failing == "markSent") {
            return *m_error;
        }
        for (const auto id : ids) {
            if (auto* entry = openEntry(id)) {
                entry->state = State::Sent;
                ++entry->attempts;
            }
        }
        return {};
    }

    Result<void> close(std::span<const delivery::OutboxClosing> closings) override
    {
        if (m_failing == "close") {
            return *m_error;
        }
        for (const auto& closing : closings) {
            ENROLL_ASSERT(closing.state == State::Accepted || closing.state == State::Rejected,
                          "an entry is closed as accepted or rejected");
            if (auto* entry = openEntry(closing.id)) {
                entry->state = closing.state;
                m_closings.at(static_cast<std::size_t>(closing.id) - 1) = closing;
            }
        }
        return {};
    }

    Result<int> enqueueMissing() override
    {
        if (m_failing == "enqueueMissing") {
            return *m_error;
        }
        ++m_enqueued;
        const auto missing = std::exchange(m_missing, {});
        for (const auto& record : missing) {
            add(record);
        }
        return static_cast<int>(missing.size());
    }

    Result<delivery::OutboxCounts> counts() override
    {
        if (m_failing == "counts") {
            return *m_error;
        }
        ++m_counted;
        return delivery::OutboxCounts{count(State::Queued), count(State::Sent), count(State::Accepted),
                                      count(State::Rejected)};
    }

    [[nodiscard]] int count(State state) const
    {
        return static_cast<int>(std::ranges::count(m_entries, state, &Entry::state));
    }

private:
    static bool open(const Entry& entry) { return entry.state == State::Queued || entry.state == State::Sent; }
    /// Null for an entry that is closed or that nobody knows.
    Entry* openEntry(std::int64_t id)
    {
        const auto found = std::ranges::find(m_entries, id, &Entry::id);
        return found != m_entries.end() && open(*found) ? &*found : nullptr;
    }

    std::vector<Entry> m_entries;
    std::vector<delivery::OutboxClosing> m_closings;
    std::string m_failing;
    std::optional<Error> m_error;
    std::vector<enrollment::EnrollmentRecord> m_missing;
    int m_enqueued = 0;
    int m_counted = 0;
    int m_refusals = 0;
    bool m_claimed = false;
};

} // namespace enroll::test
