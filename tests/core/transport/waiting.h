#pragma once

#include "core/base/result.h"

#include <atomic>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>
#include <unistd.h>

namespace enroll::test {

/// How something ended; nothing if it went well.
template <class T>
std::optional<ErrorCode> codeOf(const Result<T>& result)
{
    return result.ok() ? std::nullopt : std::optional{result.error().code};
}

/// Work on a thread of its own that waits for something, and whether it has come to waiting.
class Waiting {
public:
    explicit Waiting(std::function<std::optional<ErrorCode>()> work)
        : m_thread([this, work = std::move(work)] {
              m_id = ::gettid();
              m_code = work();
          })
    {}

    /// True once the kernel has put the thread to sleep: it does nothing that could block before it waits.
    [[nodiscard]] bool asleep() const
    {
        std::ifstream status{"/proc/self/task/" + std::to_string(m_id) + "/stat"};
        std::string text;
        std::getline(status, text);
        const auto name = text.rfind(')'); // "TID (name) S ..."
        return m_id != 0 && name != std::string::npos && text.compare(name, 3, ") S") == 0;
    }
    std::optional<ErrorCode> code()
    {
        m_thread.join();
        return m_code;
    }

private:
    std::atomic<pid_t> m_id{0};
    std::optional<ErrorCode> m_code;
    std::jthread m_thread; // last: uses the others
};

} // namespace enroll::test
