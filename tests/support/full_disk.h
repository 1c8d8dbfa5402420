#pragma once

#include <sys/resource.h>

namespace enroll::test {

/// While it lives, no file of this process grows beyond \p most bytes: writes fail as on a full disk, where the process
/// ignores SIGXFSZ (system::ignoreSignalsOfWrites()).
class FullDisk {
public:
    explicit FullDisk(rlim_t most)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        auto limited = m_before;
        limited.rlim_cur = most;
        ::setrlimit(RLIMIT_FSIZE, &limited);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit m_before{};
};

} // namespace enroll::test
