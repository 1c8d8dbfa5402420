#pragma once

#include "core/base/result.h"
#include "core/station/measured_screen.h"

#include <QObject>

#include <filesystem>
#include <memory>

class QScreen;

namespace enroll::app::desktop {

/// How wide screens are, as people measured them, in the data directory. What is kept counts at once; a thread of its own
/// writes it, so that nobody waits for the disk. GUI thread.
class ScreenSizes final : public QObject {
    Q_OBJECT

public:
    /// Reads what was kept. What cannot be read is logged and counts as nothing; the next measure replaces it. So does a
    /// width that no screen has.
    explicit ScreenSizes(std::filesystem::path dataDirectory, QObject* parent = nullptr);
    /// Waits until what was kept last is written, or could not be.
    ~ScreenSizes() override;

    [[nodiscard]] static station::ScreenId idOf(const QScreen& screen);
    /// In millimetres; none: nobody measured that screen.
    [[nodiscard]] std::optional<double> widthOf(const station::ScreenId& screen) const;
    void keep(const station::MeasuredScreen& measured);

Q_SIGNALS:
    /// What was kept last is on the disk, or why it is not: S-333 naming the file.
    void written(const Result<void>& outcome);

private:
    struct Impl;
    station::MeasuredScreens m_screens;
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::app::desktop
