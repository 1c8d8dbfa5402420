#pragma once

#include <QApplication>

#include <memory>

namespace enroll::app::desktop {

/// Connects to the display and starts Qt. \p argc and \p argv live as long as the program; Qt takes its own options, such
/// as -platform, out of them.
///
/// Without a display that can be used the program ends here: it says S-331 on standard error and exits with
/// \p exitWithout. Left alone, Qt would abort, and the desktop would report a crash.
std::unique_ptr<QApplication> openDisplay(int& argc, char** argv, int exitWithout);

/// As openDisplay(), for work that shows nothing: needs no display.
std::unique_ptr<QApplication> openWithoutDisplay(int& argc, char** argv);

} // namespace enroll::app::desktop
