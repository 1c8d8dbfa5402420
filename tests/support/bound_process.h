#pragma once

#include <QProcess>

namespace enroll::test {

/// A program that never outlives the test that started it: if the test program is killed or aborts, so that no
/// destructor runs, the kernel kills this one too. To be started from the main thread, whose end counts (prctl(2),
/// PR_SET_PDEATHSIG).
class BoundProcess : public QProcess {
public:
    BoundProcess();
    /// Kills what is still running, without a warning.
    ~BoundProcess() override;
};

} // namespace enroll::test
