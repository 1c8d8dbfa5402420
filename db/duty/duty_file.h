#pragma once

#include "core/base/result.h"
#include "core/station/duty_memory.h"

#include <filesystem>
#include <memory>

namespace enroll::db::duty {

/// DutyMemory in the file "duty.json" of the data directory, replaced as a whole at each change. Beside the duty stands how
/// many acts the journal does not hold yet, so that the next start can say that they were lost.
///
/// A thread of its own writes, so that no caller waits for the disk; what changes while it writes is written together
/// afterwards. A write that failed is logged, and tried again every few seconds, and with the next change. The destructor
/// waits until what is left was tried once more. One program at a time has the file: whoever opens it holds the station's lock
/// (db/slot_memory/slot_memory_file.h).
class DutyFile final : public station::DutyMemory {
public:
    /// Reads what \p dataDirectory keeps. What cannot be read counts as nothing, but as locked, see fault(); the next change replaces
    /// it, a symbolic link of that name itself.
    explicit DutyFile(const std::filesystem::path& dataDirectory);
    ~DutyFile() override;

    /// Why what was kept could not be read at this start.
    [[nodiscard]] const std::optional<Error>& fault() const noexcept;

    [[nodiscard]] const station::Duty& kept() const noexcept override;
    void change(const station::Duty& duty) override;

    /// Acts that the program before this one could not write into the journal and kept in its memory alone: they are lost.
    [[nodiscard]] std::int64_t lostActs() const noexcept;
    /// So many acts could not be written yet, those that were lost among them until the journal says so; as change(). Any
    /// thread.
    void noteUnsavedActs(std::int64_t count);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The file's name in a data directory.
std::filesystem::path dutyFile(const std::filesystem::path& dataDirectory);

/// What is kept in \p dataDirectory; nothing if nothing was kept yet. Changes nothing.
/// \par Errors   S-333 naming the file: it is a symbolic link or no file, or cannot be read; S-334 (not the station's
///               document)
Result<station::Duty> readDuty(const std::filesystem::path& dataDirectory);

} // namespace enroll::db::duty
