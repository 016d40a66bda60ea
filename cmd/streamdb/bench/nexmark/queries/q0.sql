-- Pass through: what it costs to get a row from source to sink.
SELECT auction, bidder, price, date_time, extra FROM bid
