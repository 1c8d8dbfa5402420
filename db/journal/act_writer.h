#pragma once

#include "core/base/error.h"
#include "core/station/act_log.h"
#include "db/journal/journal_options.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace enroll::db::journal {

/// How many acts wait because they could not be written, those that an "acts-lost" among them counts included.
struct UnsavedActs {
    std::int64_t before = 0; ///< as the program before this one left it; its "acts-lost" is written first
    /// Called whenever it changes, on the writer's thread or in its destructor. What it says at the end is lost.
    std::function<void(std::int64_t)> onChange = {};
};

/// ActLog in the journal.
///
/// A thread of its own writes, so that no caller waits for the disk: whatever came until then in one transaction, which
/// holds the write lock about as long as one run does. It sleeps while nothing is to be written. What cannot be written is
/// kept, in its order, and tried again with the next act or by retry(); beyond kMost acts those that come are logged, and an
/// act "acts-lost" counts them in their place.
class ActWriter final : public station::ActLog {
public:
    /// Called on the writer's thread whenever that changes: why acts cannot be written; none: they can again.
    using OnFault = std::function<void(const std::optional<Error>&)>;

    static constexpr std::size_t kMost = 1000;
    /// How long the end waits for what is left to be written.
    static constexpr std::chrono::milliseconds kEndWithin{3000};

    /// Another writer is waited for as long as the options say, three times over, before that is a fault. \p most: as kMost.
    ActWriter(JournalOptions options, OnFault onFault, std::size_t most = kMost, UnsavedActs unsaved = {});
    /// Writes what is left, or logs it. In their order: an act that is in the journal has every earlier one there.
    ~ActWriter() override;

    void write(const station::Act& act) override;
    /// Tries once more what could not be written. Any thread.
    void retry();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::db::journal
