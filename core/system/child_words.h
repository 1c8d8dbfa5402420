#pragma once

#include "core/base/result.h"
#include "core/system/descriptor.h"

#include <cstddef>
#include <string>

namespace enroll::system {

/// What a child process writes to its standard error, through a pipe: the last bytes of it are kept, so that a child which never
/// stops fills no memory. Whoever waits for the child takes it in meanwhile, as soon as fd() is readable: a child whose words
/// nobody takes may come to wait for that. One thread at a time.
class ChildWords {
public:
    /// Keeps \p most bytes. Error S-321 if the system has no descriptor left.
    static Result<ChildWords> create(std::size_t most);

    /// Becomes the child's stream, ChildStreams::error. Not valid after giveAway().
    [[nodiscard]] int childsEnd() const noexcept { return m_childsEnd.fd(); }
    /// The child has its end: this process's copy is closed, so that the end of the child is the end of its words.
    void giveAway() noexcept { m_childsEnd = {}; }

    /// For poll(), which passes over -1: the child's words have ended.
    [[nodiscard]] int fd() const noexcept { return m_ownEnd.fd(); }
    /// Takes in what is there, without waiting; of a child that goes on and on, some of it.
    void take();

    /// How many bytes have come so far, those that were not kept included.
    [[nodiscard]] std::size_t size() const noexcept { return m_came; }
    /// What is kept of what came behind the first \p offset bytes.
    [[nodiscard]] std::string from(std::size_t offset) const;

private:
    ChildWords(Descriptor ownEnd, Descriptor childsEnd, std::size_t most) noexcept
        : m_ownEnd(std::move(ownEnd)), m_childsEnd(std::move(childsEnd)), m_most(most)
    {}

    Descriptor m_ownEnd;
    Descriptor m_childsEnd;
    std::size_t m_most;
    std::size_t m_came = 0;
    std::string m_kept;
};

} // namespace enroll::system
