#pragma once

#include "core/tpm/loaded_handles.h"
#include "core/tpm/response_frame.h"

#include <optional>

namespace enroll::app::agent {

/// What TPM2_EvictControl is asked for.
struct Keeping {
    std::uint32_t objectHandle;
    std::uint32_t persistentHandle;
    /// True if it makes a loaded key persistent; false if it takes a persistent one away.
    [[nodiscard]] bool keeps() const noexcept;
};

/// The handles of a whole TPM2_EvictControl. Nothing if it is none, or is not built as one.
/// Source: TPM 2.0 Library Part 3, "TPM2_EvictControl"; Part 1, "Command Format".
std::optional<Keeping> readKeeping(const tpm::CommandHeader& header, ByteView command);

/// What one station did to the TPM on its line, by the responses that succeeded: what it loaded, which is flushed at
/// the line's end, and what it kept, which it may take away again. Bounded, whatever TPM and station say.
class LineAccount {
public:
    static constexpr std::size_t kMostLoaded = 256; ///< more than any TPM holds
    static constexpr std::size_t kMostKept = 64;    ///< those beyond are not remembered, and so stay

    /// \param command   whole, with this \p header
    /// \param response  to it, which passed tpm::checkResponseFrame()
    void note(const tpm::CommandHeader& header, ByteView command, ByteView response);

    /// Objects and sessions that were loaded and not flushed. Some may be gone: a session ends by itself.
    [[nodiscard]] const tpm::LoadedHandles& loaded() const noexcept { return m_loaded; }
    [[nodiscard]] bool full() const noexcept { return m_loaded.size() >= kMostLoaded; }
    [[nodiscard]] bool hasKept(std::uint32_t persistentHandle) const { return m_kept.contains(persistentHandle); }

private:
    void noteKeeping(const Keeping& done);

    tpm::LoadedHandles m_loaded;
    std::set<std::uint32_t> m_kept;
};

} // namespace enroll::app::agent
