#include "ui/gallery/gallery_panel.h"

#include <QDragEnterEvent>
#include <QLocale>
#include <QMimeData>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/base/file_walk.h"
#include "core/image/photo_reader.h"
#include "ui/gallery/drop_frame.h"
#include "ui/paths/paths.h"

namespace inkling {
namespace {

constexpr int kCountsEvery = 100;  // ms
// More rows than that are surely not all of broken photos.
constexpr int kMostBroken = 200;

// The local folders and photos in there; others are passed over.
PhotoPaths sourcesIn(const QMimeData& data) {
  PhotoPaths sources = localPaths(data.urls());
  std::erase_if(sources, [](const std::filesystem::path& path) {
    std::error_code code;
    return !std::filesystem::is_directory(path, code) && !hasExtension(path, photoExtensions());
  });
  return sources;
}

// 0.238 as 23: a threshold that the score still reaches.
int percentBelow(double score) { return static_cast<int>(std::floor(100 * score + 1e-6)); }

}  // namespace

GalleryPanel::GalleryPanel(PhotoModel& model, QWidget* parent)
    : QWidget(parent),
      model_(model),
      header_(new GalleryHeader(this)),
      pages_(new QStackedLayout),
      grid_(new PhotoGrid(model, this)),
      message_(new MessagePage(this)),
      dropFrame_(new DropFrame(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins({});
  column->setSpacing(0);
  column->addWidget(header_);
  column->addLayout(pages_, 1);
  pages_->addWidget(grid_);
  pages_->addWidget(message_);
  setAcceptDrops(true);
  setFocusProxy(grid_);
  connectHeader();
  connectModel();
  connect(message_, &MessagePage::actionClicked, this, &GalleryPanel::act);
  connect(grid_, &PhotoGrid::currentPhotoChanged, this, &GalleryPanel::currentPhotoChanged);
  connect(grid_, &PhotoGrid::opened, this, &GalleryPanel::photoOpened);
  connect(grid_, &PhotoGrid::visibleChanged, this, &GalleryPanel::visibleChanged);
  header_->show(model_.order(), model_.threshold(), model_.onlyMatches());
  retranslate();
}

void GalleryPanel::retranslate() {
  setAccessibleName(tr("Gallery"));
  showCounts();
  // Also when it is hidden behind the photos: it must not come back in another language.
  if (!message_->message().title.isEmpty()) message_->setMessage(messageNow());
}

void GalleryPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void GalleryPanel::connectHeader() {
  connect(header_, &GalleryHeader::openRequested, this, &GalleryPanel::openRequested);
  connect(header_, &GalleryHeader::recentChosen, this, &GalleryPanel::recentChosen);
  connect(header_, &GalleryHeader::clearRecentRequested, this, &GalleryPanel::clearRecentRequested);
  connect(header_, &GalleryHeader::orderChosen, this, &GalleryPanel::setOrder);
  connect(header_, &GalleryHeader::thresholdChosen, this, &GalleryPanel::setThreshold);
  connect(header_, &GalleryHeader::onlyMatchesChosen, this, &GalleryPanel::setOnlyMatches);
}

void GalleryPanel::connectModel() {
  refresh_.setSingleShot(true);
  refresh_.setInterval(kRefreshEvery);
  connect(&refresh_, &QTimer::timeout, this, [this] { model_.refresh(); });
  counts_.setSingleShot(true);
  counts_.setInterval(kCountsEvery);
  connect(&counts_, &QTimer::timeout, this, &GalleryPanel::showCounts);
  connect(&model_, &PhotoModel::countsChanged, this, [this] {
    if (!counts_.isActive()) counts_.start();
  });
  connect(&model_, &PhotoModel::dataChanged, this,
          [this](const QModelIndex&, const QModelIndex&, const QList<int>& roles) {
            // Another threshold is no news of the photos.
            if (roles == QList<int>{PhotoModel::kBoxCountRole}) return;
            const bool places = model_.order() == PhotoModel::Order::kScore;
            if ((places || model_.onlyMatches()) && !refresh_.isActive()) refresh_.start();
          });
  connect(&model_, &PhotoModel::modelReset, this, &GalleryPanel::showCounts);
  connect(&model_, &PhotoModel::layoutChanged, this, &GalleryPanel::choosePage);
}

// What is shown -----------------------------------------------------------------------------------

void GalleryPanel::setSourceName(const QString& name) {
  source_ = name;
  header_->setSourceName(name);
  showCounts();
}

void GalleryPanel::setRecentFolders(const QStringList& folders) {
  header_->setRecentFolders(folders);
}

void GalleryPanel::setListing(std::optional<std::size_t> found) {
  listing_ = found;
  showCounts();
}

void GalleryPanel::setEmptyPage(QWidget* page) {
  if (welcome_ != nullptr) welcome_->deleteLater();
  welcome_ = page;
  if (page != nullptr) pages_->addWidget(page);
  choosePage();
}

void GalleryPanel::setThreshold(double threshold) {
  threshold = std::clamp(threshold, 0.0, 1.0);
  if (threshold == model_.threshold()) return;
  model_.setThreshold(threshold);
  header_->show(model_.order(), threshold, model_.onlyMatches());
  // At once: a person moves the slider and looks at the number.
  showCounts();
  Q_EMIT thresholdChanged(threshold);
}

void GalleryPanel::setOrder(PhotoModel::Order order) {
  if (order == model_.order()) return;
  model_.setOrder(order);
  header_->show(order, model_.threshold(), model_.onlyMatches());
  const QModelIndex current = currentPhoto() ? model_.indexOf(*currentPhoto()) : QModelIndex();
  if (current.isValid()) {
    grid_->scrollTo(current);
  } else {
    grid_->scrollToTop();
  }
}

void GalleryPanel::setOnlyMatches(bool only) {
  if (only == model_.onlyMatches()) return;
  model_.setOnlyMatches(only);
  header_->show(model_.order(), model_.threshold(), only);
  showCounts();
}

QString GalleryPanel::countText() const {
  const QLocale locale;
  const auto number = [&](std::size_t count) {
    return locale.toString(static_cast<qulonglong>(count));
  };
  const auto photos = static_cast<int>(model_.photoCount());
  if (listing_) return tr("Listing… %1").arg(number(*listing_));
  if (photos == 0) return {};
  if (model_.searchedCount() == 0)
    return photos == 1 ? tr("1 photo") : tr("%Ln photos", nullptr, photos);
  if (photos == 1) return model_.matchCount() == 1 ? tr("The photo matches") : tr("No match");
  if (model_.searchOver() && model_.searchedCount() < model_.photoCount()) {
    return tr("%1 match · looked closely at %2 of %Ln photos", nullptr, photos)
        .arg(number(model_.matchCount()), number(model_.searchedCount()));
  }
  return tr("%1 of %Ln photos match", nullptr, photos).arg(number(model_.matchCount()));
}

void GalleryPanel::showCounts() {
  header_->setCount(countText());
  choosePage();
}

// Searched all through, and no photo from the threshold up. Broken photos, which stay in sight, do
// not count.
bool GalleryPanel::nothingMatches() const {
  const int rows = model_.rowCount();
  if (!model_.onlyMatches() || model_.matchCount() > 0 || model_.searchedCount() == 0) return false;
  if (rows > kMostBroken) return false;
  for (int row = 0; row < rows; ++row) {
    if (model_.error(model_.photoAt(model_.index(row))).isEmpty()) return false;
  }
  return true;
}

void GalleryPanel::choosePage() {
  QWidget* page = grid_;
  if (source_.isEmpty() && model_.photoCount() == 0) {
    page = welcome_ != nullptr ? welcome_ : message_;
  } else if (model_.photoCount() == 0 || nothingMatches()) {
    page = message_;
  }
  if (page == message_) message_->setMessage(messageNow());
  if (page == pages_->currentWidget()) return;
  // The keyboard must not be left on a page that is hidden.
  const bool focused = pages_->currentWidget()->isAncestorOf(focusWidget());
  pages_->setCurrentWidget(page);
  if (focused) page->setFocus();
}

MessagePage::Message GalleryPanel::messageNow() const {
  const QString photo = QStringLiteral("photo"), find = QStringLiteral("find");
  if (listing_ && model_.photoCount() == 0) return {photo, tr("Looking for photos…"), {}, {}};
  if (source_.isEmpty())
    return {photo, tr("No photos yet"), tr("Open a folder or drop photos here."),
            tr("Open folder…")};
  if (model_.photoCount() == 0)
    return {photo, tr("No photos in “%1”").arg(source_),
            tr("There is no JPEG, PNG, WebP, TIFF, BMP or PPM file in this folder or below it."),
            tr("Open another folder…")};
  const QString title = tr("No photo matches at %1%").arg(qRound(100 * model_.threshold()));
  const std::optional<double> best = model_.bestScore();
  if (!best || percentBelow(*best) == 0)
    return {find, title, tr("The search found nothing that looks like the drawing."),
            tr("Show all photos")};
  const int percent = percentBelow(*best);
  return {find, title, tr("The best match scores %1%.").arg(percent),
          tr("Lower the threshold to %1%").arg(percent)};
}

// The button of the message.
void GalleryPanel::act() {
  if (model_.photoCount() == 0) {
    Q_EMIT openRequested();
  } else if (model_.bestScore() && percentBelow(*model_.bestScore()) > 0) {
    setThreshold(percentBelow(*model_.bestScore()) / 100.0);
  } else {
    setOnlyMatches(false);
  }
}

// Settings ----------------------------------------------------------------------------------------

QVariantMap GalleryPanel::state() const {
  return {{QStringLiteral("bestFirst"), model_.order() == PhotoModel::Order::kScore},
          {QStringLiteral("threshold"), model_.threshold()},
          {QStringLiteral("onlyMatches"), model_.onlyMatches()},
          {QStringLiteral("thumbnailSide"), grid_->thumbnailSide()}};
}

void GalleryPanel::restore(const QVariantMap& state) {
  const auto value = [&](const char* key, const QVariant& now) {
    return state.value(QLatin1String(key), now);
  };
  const bool best = value("bestFirst", order() == PhotoModel::Order::kScore).toBool();
  setOrder(best ? PhotoModel::Order::kScore : PhotoModel::Order::kName);
  bool number = false;
  const double threshold = value("threshold", model_.threshold()).toDouble(&number);
  if (number && std::isfinite(threshold)) setThreshold(threshold);
  setOnlyMatches(value("onlyMatches", model_.onlyMatches()).toBool());
  const int side = value("thumbnailSide", grid_->thumbnailSide()).toInt(&number);
  if (number) grid_->setThumbnailSide(side);
}

// Drag and drop -----------------------------------------------------------------------------------

void GalleryPanel::dragEnterEvent(QDragEnterEvent* event) {
  if (sourcesIn(*event->mimeData()).empty()) return;
  event->acceptProposedAction();
  dropFrame_->raise();
  dropFrame_->show();
}

void GalleryPanel::dragLeaveEvent(QDragLeaveEvent*) { dropFrame_->hide(); }

void GalleryPanel::dropEvent(QDropEvent* event) {
  dropFrame_->hide();
  const PhotoPaths sources = sourcesIn(*event->mimeData());
  if (sources.empty()) return;
  event->acceptProposedAction();
  Q_EMIT sourcesDropped(sources);
}

void GalleryPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  dropFrame_->setGeometry(rect());
}

}  // namespace inkling
