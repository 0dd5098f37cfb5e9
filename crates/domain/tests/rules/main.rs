//! The rules, each against a table of cases or a property. Packs and their samples are in `packs.rs`.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod budget;
#[cfg(test)]
mod case;
#[cfg(test)]
mod certificate;
#[cfg(test)]
mod check;
#[cfg(test)]
mod convener;
#[cfg(test)]
mod county;
#[cfg(test)]
mod difference;
#[cfg(test)]
mod draft;
#[cfg(test)]
mod eligibility;
#[cfg(test)]
mod eyes;
#[cfg(test)]
mod list;
#[cfg(test)]
mod notice;
#[cfg(test)]
mod outline;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod pool;
#[cfg(test)]
mod record;
#[cfg(test)]
mod remark;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sight;
#[cfg(test)]
mod similarity;
#[cfg(test)]
mod steps;
#[cfg(test)]
mod summary;
#[cfg(test)]
mod third;
#[cfg(test)]
mod time;
#[cfg(test)]
mod together;
#[cfg(test)]
mod workflow;
#[cfg(test)]
mod yearly;
