#include "ui/shell/main_window.h"

#include "core/base/assert.h"

#include <QApplication>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QScreen>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace enroll::ui {
namespace {

constexpr double kTipPixels = 15;
constexpr std::chrono::milliseconds kClockInterval{1000};
constexpr int kMostNumberKeys = 9;
constexpr double kLowestPart = 156;

QKeySequence fullScreenKey()
{
    return {Qt::Key_F11};
}

QKeySequence quitKey()
{
    return {Qt::CTRL | Qt::Key_Q};
}

QKeySequence helpKey()
{
    return {Qt::Key_F1};
}

QKeySequence keyListKey()
{
    return {Qt::CTRL | Qt::Key_Question};
}

QKeySequence asideKey()
{
    return {Qt::Key_F12};
}

QKeySequence numberKey(int number)
{
    return QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + number));
}

/// A key that is held down is one wish.
QShortcut* addShortcut(const QKeySequence& keys, QWidget& parent)
{
    auto* shortcut = new QShortcut(keys, &parent);
    shortcut->setAutoRepeat(false);
    return shortcut;
}

} // namespace

MainWindow::MainWindow(Theme& theme, const StationIdentity& identity, QWidget* parent)
    : QMainWindow(parent), m_theme(theme), m_bar(new AppBar(theme, this)), m_layers(new QStackedWidget(this)),
      m_page(new QWidget(this)), m_screens(new QStackedWidget(this)), m_help(new HelpCard(theme, this))
{
    setWindowTitle(tr("%1 - Enrollment Station").arg(identity.station));
    m_content.station = identity.station;
    m_content.line = identity.line;
    auto* column = new QVBoxLayout(m_page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_screens, 1);
    m_layers->addWidget(m_page);
    setCentralWidget(m_layers);
    addOwnKeys();
    connect(m_bar, &AppBar::chosen, this, &MainWindow::showScreen);
    connect(&theme, &Theme::changed, this, &MainWindow::applyTheme);
    connect(&m_clock, &QTimer::timeout, this, &MainWindow::refreshBar);
    m_clock.start(kClockInterval);
    applyTheme();
    refreshBar();
}

void MainWindow::add(Screen* screen)
{
    const auto number = m_screens->addWidget(screen);
    m_bar->addTab(screen->title());
    listenTo(*screen);
    if (number < kMostNumberKeys) {
        connect(addShortcut(numberKey(number), *this), &QShortcut::activated, this,
                [this, number] { showScreen(number); });
    }
    if (number == 0) {
        showScreen(number);
    }
}

void MainWindow::listenTo(Screen& screen)
{
    addKeysOf(screen);
    connect(&screen, &Screen::captionChanged, this, &MainWindow::refreshBar);
    connect(&screen, &Screen::becameIdle, this, &MainWindow::closeWhenIdle);
    connect(&screen, &Screen::helpWanted, this, [this] { toggleHelp(Help::Topic); });
    connect(&screen, &Screen::toBeSeen, this, [this, &screen](const QRect& part) {
        if (&screen == current() && m_help->geometry().intersects(part.translated(screen.mapTo(this, QPoint())))) {
            m_help->hide();
        }
    });
}

void MainWindow::addEntrance(Screen* screen)
{
    ENROLL_ASSERT(m_entrance == nullptr, "one entrance");
    m_entrance = screen;
    m_layers->addWidget(screen);
    listenTo(*screen);
}

void MainWindow::addAside(Screen* screen)
{
    ENROLL_ASSERT(m_aside == nullptr, "one screen aside");
    m_aside = screen;
    m_layers->addWidget(screen);
    listenTo(*screen);
    auto* shortcut = new QShortcut(asideKey(), this);
    shortcut->setAutoRepeat(false);
    connect(shortcut, &QShortcut::activated, this, &MainWindow::toggleAside);
    connect(new QShortcut(Qt::Key_Escape, screen), &QShortcut::activated, this, [this] {
        m_help->isVisible() ? m_help->hide() : leaveAside(); // what lies on top goes first
    });
}

bool MainWindow::isAside() const
{
    return m_aside != nullptr && m_layers->currentWidget() == m_aside;
}

void MainWindow::toggleAside()
{
    if (isAside()) {
        leaveAside();
    } else if (m_phase == Phase::Working && entrance() == Entrance::Open) {
        showLayer(m_aside);
    }
}

void MainWindow::leaveAside()
{
    if (isAside()) {
        showLayer(m_page);
    }
}

void MainWindow::showLayer(QWidget* layer)
{
    m_help->hide(); // it spoke of what is shown no more
    m_layers->setCurrentWidget(layer);
    refreshBar();
    refresh();
    if (auto* shown = current(); shown != nullptr) {
        shown->takeFocus();
    }
}

MainWindow::Entrance MainWindow::entrance() const
{
    return m_entrance != nullptr && m_layers->currentWidget() == m_entrance ? Entrance::Closed : Entrance::Open;
}

void MainWindow::setEntrance(Entrance entrance)
{
    ENROLL_ASSERT(m_entrance != nullptr, "an entrance");
    if (entrance == this->entrance() || m_phase != Phase::Working) {
        return;
    }
    showLayer(entrance == Entrance::Closed ? m_entrance : m_page);
}

std::vector<ScreenKey> MainWindow::windowKeys()
{
    std::vector<ScreenKey> keys{
        {helpKey(), [this] { toggleHelp(Help::Topic); }, tr("Help for the code on show")},
        {keyListKey(), [this] { toggleHelp(Help::KeysAlone); }, tr("List of keys")},
    };
    if (m_closes != Closes::Never) {
        keys.push_back({fullScreenKey(), [this] { toggleFullScreen(); }, tr("Full screen")});
        keys.push_back({quitKey(), [this] { close(); }, tr("Close the window")});
    }
    return keys;
}

void MainWindow::addOwnKeys()
{
    for (auto& key : windowKeys()) {
        connect(addShortcut(key.keys, *this), &QShortcut::activated, this, std::move(key.act));
    }
}

std::vector<KeyLine> MainWindow::keyLines()
{
    std::vector<KeyLine> lines;
    const auto add = [&lines](const std::vector<ScreenKey>& keys) {
        for (const auto& key : keys) {
            lines.push_back({key.keys, key.title});
        }
    };
    if (current() != nullptr) {
        add(current()->keys());
    }
    const bool navigates = m_screens->count() > 1 && entrance() == Entrance::Open;
    for (int number = 0; navigates && number < std::min(m_screens->count(), kMostNumberKeys); ++number) {
        lines.push_back({numberKey(number), screenAt(number)->title()});
    }
    if (m_aside != nullptr && entrance() == Entrance::Open) {
        lines.push_back({asideKey(), isAside() ? tr("Back") : m_aside->title()});
    }
    add(windowKeys());
    return lines;
}

std::vector<QKeySequence> MainWindow::ownKeys()
{
    std::vector<QKeySequence> keys{helpKey(), keyListKey(), fullScreenKey(), quitKey(), asideKey()};
    for (int number = 0; number < kMostNumberKeys; ++number) {
        keys.push_back(numberKey(number));
    }
    return keys;
}

/// Makes each screen the parent of its shortcuts: a shortcut works only while its parent is visible and enabled.
void MainWindow::addKeysOf(Screen& screen)
{
    const auto taken = ownKeys();
    for (auto& key : screen.keys()) {
        ENROLL_ASSERT(std::ranges::find(taken, key.keys) == taken.end(), "a key that the window does not own");
        if (!key.act) {
            continue;
        }
        const auto escapes = key.keys == QKeySequence(Qt::Key_Escape);
        connect(addShortcut(key.keys, screen), &QShortcut::activated, &screen,
                [this, escapes, act = std::move(key.act)] {
                    if (escapes && m_help->isVisible()) { // what lies on top goes first
                        return m_help->hide();
                    }
                    act();
                });
    }
}

void MainWindow::showScreen(int number)
{
    if (m_phase != Phase::Working || entrance() == Entrance::Closed) {
        return;
    }
    leaveAside();
    m_screens->setCurrentIndex(number);
    m_bar->setCurrent(number);
    refreshBar();
    refresh();
    current()->takeFocus();
}

Screen* MainWindow::screenAt(int number) const
{
    return qobject_cast<Screen*>(m_screens->widget(number));
}

Screen* MainWindow::current() const
{
    if (isAside()) {
        return m_aside;
    }
    return entrance() == Entrance::Closed ? m_entrance : screenAt(m_screens->currentIndex());
}

std::vector<Screen*> MainWindow::allScreens() const
{
    std::vector<Screen*> all;
    for (int number = 0; number < m_screens->count(); ++number) {
        all.push_back(screenAt(number));
    }
    for (auto* other : {m_entrance, m_aside}) {
        if (other != nullptr) {
            all.push_back(other);
        }
    }
    return all;
}

void MainWindow::refresh()
{
    if (auto* shown = current(); shown != nullptr && m_phase == Phase::Working) {
        shown->refresh();
    }
}

void MainWindow::showCondition(const StationCondition& condition)
{
    m_content.condition = condition;
    refreshBar();
}

void MainWindow::showQueued(std::optional<int> queued)
{
    m_content.queued = queued;
    refreshBar();
}

void MainWindow::refreshBar()
{
    m_content.caption = current() == nullptr ? Caption{} : current()->caption();
    m_content.clock = QLocale().toString(QTime::currentTime(), QStringLiteral("HH:mm"));
    m_bar->show(m_content);
    if (m_help->isVisible()) {
        refreshHelp();
    }
}

void MainWindow::toggleHelp(Help help)
{
    m_help->setVisible(!m_help->isVisible() || m_asked != help);
    m_asked = help;
    refreshHelp();
}

void MainWindow::refreshHelp()
{
    const auto topic = m_asked == Help::Topic && current() != nullptr ? current()->helpTopic() : std::nullopt;
    m_help->show({topic, topic ? std::vector<KeyLine>{} : keyLines()});
    const ScreenScale scale(size(), m_theme.viewing()); // beside the edges where tiles begin
    // Rather over the app bar than over the lowest part, where screens say what a scan did.
    const auto lowest = height() - scale.whole(kLowestPart) - m_help->height();
    m_help->move(width() - m_help->width() - scale.whole(24), std::clamp(lowest, 0, m_bar->height() + scale.whole(16)));
    m_help->raise();
}

void MainWindow::toggleFullScreen()
{
    if (m_closes == Closes::Never) {
        return;
    }
    if (!m_windowed) {
        return fillDisplay();
    }
    const auto before = *std::exchange(m_windowed, std::nullopt);
    showNormal();
    setGeometry(before);
}

void MainWindow::fillDisplay()
{
    m_windowed = geometry();
    showFullScreen();
    // Without a window manager showFullScreen() does not resize the window.
    setGeometry(screen()->geometry());
}

void MainWindow::beKiosk()
{
    m_closes = Closes::Never;
    fillDisplay();
}

void MainWindow::bringToFront()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    raise();
    activateWindow();
    QApplication::alert(this); // where the desktop lets no program take the focus
}

void MainWindow::closeUnasked()
{
    m_closes = Closes::Unasked;
    close();
}

bool MainWindow::mayClose()
{
    if (m_closes == Closes::Never) {
        if (current() != nullptr) {
            current()->refuseToClose();
        }
        return false;
    }
    if (m_closes == Closes::AfterQuestion && entrance() == Entrance::Closed) {
        return m_entrance->letsClose(); // the others could not be seen asking
    }
    for (int number = 0; m_closes == Closes::AfterQuestion && number < m_screens->count(); ++number) {
        if (screenAt(number)->letsClose()) {
            continue;
        }
        if (number != m_screens->currentIndex()) {
            showScreen(number); // its question must be seen
        }
        return false;
    }
    return true;
}

bool MainWindow::idle() const
{
    return std::ranges::all_of(allScreens(), &Screen::idle);
}

/// A close is refused while a screen is at work. Each screen is asked to stop, and closeWhenIdle() closes the window
/// later; waiting here would block the events that the screens need to get ready.
void MainWindow::closeEvent(QCloseEvent* event)
{
    leaveAside(); // what asks before it closes must be seen
    if (m_phase == Phase::Working && !mayClose()) {
        return event->ignore();
    }
    if (m_phase == Phase::Working) {
        Q_EMIT closing();
    }
    if (m_phase == Phase::Closed || idle()) {
        m_phase = Phase::Closed;
        event->accept();
        Q_EMIT finished();
        return;
    }
    event->ignore();
    if (m_phase == Phase::Working) {
        m_phase = Phase::Closing;
        for (auto* screen : allScreens()) {
            screen->stopForGood(m_closes == Closes::Unasked ? Screen::Closing::Unasked : Screen::Closing::Asked);
        }
    }
}

void MainWindow::closeWhenIdle()
{
    if (m_phase == Phase::Closing && idle()) {
        close();
    }
}

/// Gives the screen the keys that nobody took while the focus is in the app bar or nowhere: a barcode scanner types
/// wherever the focus is.
void MainWindow::keyPressEvent(QKeyEvent* event)
{
    auto* shown = current();
    const auto* focus = QApplication::focusWidget();
    const auto offered = focus != nullptr && (focus == shown || (shown != nullptr && shown->isAncestorOf(focus)));
    if (shown == nullptr || offered || !shown->isEnabled()) {
        return QMainWindow::keyPressEvent(event);
    }
    shown->typed(*event);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    rescale();
}

void MainWindow::rescale()
{
    m_bar->setScale(ScreenScale(size(), m_theme.viewing()));
    m_help->setScale(ScreenScale::ofWindow(size()));
    refreshHelp();
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
    rescale();
}

} // namespace enroll::ui
