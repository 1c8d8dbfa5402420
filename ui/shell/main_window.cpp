#include "ui/shell/main_window.h"

#include <QCloseEvent>
#include <QGuiApplication>
#include <QScreen>
#include <QShortcut>
#include <QToolTip>

#include <utility>

namespace enroll::ui {
namespace {

constexpr QSize kSmallest{960, 600};
// Sixteen tiles need more to be read.
constexpr QSize kSmallestForMany{1280, 720};
constexpr double kTipPixels = 15;

} // namespace

MainWindow::MainWindow(RunController& controller, Theme& theme, const StationIdentity& identity, QWidget* parent)
    : QMainWindow(parent), m_controller(controller), m_theme(theme),
      m_runScreen(new RunScreen(controller, theme, identity, this))
{
    setWindowTitle(tr("%1 - Enrollment Station").arg(identity.station));
    const auto many = densityFor(static_cast<int>(controller.board().slots().size())) == Density::Sixteen;
    setMinimumSize(many ? kSmallestForMany : kSmallest);
    setCentralWidget(m_runScreen);
    addKeys();
    connect(&theme, &Theme::changed, this, &MainWindow::applyTheme);
    connect(&controller, &RunController::slotChanged, this, &MainWindow::closeWhenIdle);
    applyTheme();
}

void MainWindow::addKeys()
{
    const auto on = [this](const QKeySequence& keys, auto action) {
        connect(new QShortcut(keys, this), &QShortcut::activated, m_runScreen, [this, action] {
            if (m_phase == Phase::Working) {
                action();
            }
        });
    };
    on(Qt::Key_F2, [this] { m_runScreen->chooseSlot(); });
    on(Qt::Key_F3, [this] { m_runScreen->focusSerialEntry(); });
    on(Qt::Key_F4, [this] { m_runScreen->startAllReady(); });
    on(Qt::Key_F7, [this] { m_runScreen->stopSelectedSlot(); });
    on(Qt::Key_Escape, [this] { m_runScreen->cancel(); });
    on(Qt::Key_F11, [this] { toggleFullScreen(); });
    on(Qt::CTRL | Qt::Key_Q, [this] { close(); });
}

void MainWindow::toggleFullScreen()
{
    if (!m_windowed) {
        return fillScreen();
    }
    const auto before = *std::exchange(m_windowed, std::nullopt);
    showNormal();
    setGeometry(before);
}

void MainWindow::fillScreen()
{
    m_windowed = geometry();
    showFullScreen();
    // Without a window manager nobody else gives the window the screen's size.
    setGeometry(screen()->geometry());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_phase == Phase::Closed || m_controller.idle()) {
        m_phase = Phase::Closed;
        event->accept();
        Q_EMIT finished();
        return;
    }
    event->ignore();
    if (m_phase == Phase::Working) {
        m_phase = Phase::Closing;
        m_runScreen->stopEverything();
    }
}

void MainWindow::closeWhenIdle()
{
    if (m_phase == Phase::Closing && m_controller.idle()) {
        close();
    }
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange) {
        m_theme.followSystem(QGuiApplication::palette());
    }
}

void MainWindow::applyTheme()
{
    const auto palette = paletteOf(m_theme.tokens());
    setPalette(palette);
    QToolTip::setPalette(palette);
    QToolTip::setFont(textFont(kTipPixels));
}

} // namespace enroll::ui
